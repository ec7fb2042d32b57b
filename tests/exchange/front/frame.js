// What stands around every page: ticker, header, side bar, footer.

import { h, icon } from "./kit.js";
import { config, isBinance, t } from "./text.js";

const { paths } = config;
const PAIRS = [
  ["BTC", "61204.30", 1.48], ["ETH", "3391.12", -0.37], ["SOL", "148.06", 2.22], ["XRP", "0.5271", -1.11],
  ["ADA", "0.4463", 0.74], ["DOGE", "0.1582", 3.33], ["TON", "6.91", -0.25], ["LINK", "14.38", 1.85],
];
let menuOpen = false;

/** A link that moves within the page. */
export function link(path, props, ...children) {
  return h("a", { href: path, ...props }, ...children);
}

function ticker() {
  return h("div", { class: "ticker" }, PAIRS.map(([coin, price, change]) =>
    link(paths.trade, { class: "tick" }, h("span", {}, `${coin}/USDT`), h("b", {}, price),
      h("i", { class: change > 0 ? "up" : "down" }, `${change > 0 ? "+" : ""}${change.toFixed(2)}%`))));
}

function brand() {
  return link(paths.home, { class: "brand" }, icon("diamond"), h("span", {}, "Demo Exchange"));
}

function products() {
  return h("nav", { class: "products", "aria-label": t("markets") },
    link(paths.home, {}, t("markets")), link(paths.trade, {}, t("trade")), link(paths.home, {}, t("earn")));
}

function guest() {
  return h("div", { class: "right" }, link(paths.login, { class: "plain" }, t("logIn")),
    link(paths.login, { class: "button primary" }, t("signUp")));
}

function member(me, act) {
  const entries = [[paths.dashboard, t("overview")], [paths.security, t("security")], [paths.history, t("history")], [paths.apiKeys, t("apiKeys")]];
  return h("div", { class: "right" },
    link(paths.home, {}, t("wallet")), link(paths.trade, {}, t("orders")),
    h("button", {
      type: "button", class: "avatar", "aria-haspopup": "menu", "aria-expanded": String(menuOpen),
      click: () => { menuOpen = !menuOpen; act.render(); },
    }, h("span", { class: "initial", "aria-hidden": "true" }, me.mail[0].toUpperCase()), h("span", { dir: "ltr" }, me.mail)),
    h("div", { class: "menu", role: "menu", hidden: !menuOpen },
      entries.map(([path, text]) => link(path, { role: "menuitem" }, text)),
      h("button", { type: "button", role: "menuitem", click: () => act.logOut() }, t("logOut"))));
}

function footer() {
  const columns = [["about", "terms", "privacy"], ["help", "markets", "trade"], ["security", "notices", "earn"]];
  return h("footer", { class: "footer" },
    columns.map((keys) => h("div", {}, h("h4", {}, t(keys[0])), h("ul", {}, keys.map((key) => h("li", {}, link(paths.home, {}, t(key))))))),
    h("p", { class: "muted" }, "© 2026 Demo Exchange"));
}

/** The side bar of Cryptonow, which has no header. */
function side(me, act) {
  return h("aside", { class: "side" }, brand(),
    me ? h("p", { class: "muted" }, me.mail) : guest(),
    products(),
    me && [link(paths.dashboard, {}, t("overview")), link(paths.security, { "aria-current": "page" }, t("security")),
      link(paths.apiKeys, {}, t("apiKeys")),
      h("button", { type: "button", class: "plain", click: () => act.logOut() }, t("logOut"))]);
}

/** Everything but the page itself, around it. */
export function frame(me, act, main) {
  if (config.skin === "cryptonow") {
    return [h("div", { class: "columns" }, side(me, act), h("div", { class: "page" }, main, footer()))];
  }
  return [
    isBinance ? ticker() : null,
    h("header", { class: "header" }, brand(), products(), me ? member(me, act) : guest()),
    main,
    footer(),
  ].filter(Boolean);
}

/** Closes the account menu: called when the page changes. */
export function closeMenu() {
  menuOpen = false;
}
