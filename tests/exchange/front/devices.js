// The device page, once for each exchange.

import { askToEnd, askToEndAll, askToRemove } from "./dialogs.js";
import { link } from "./frame.js";
import { h, icon } from "./kit.js";
import { ago, config, either, localTime, place, t, utcTime } from "./text.js";

const { paths } = config;

const crumbs = (...steps) => h("nav", { class: "crumbs", "aria-label": "breadcrumb" }, steps.map(([path, text], n) =>
  [n ? " / " : null, path ? link(path, {}, text) : h("span", { "aria-current": "page" }, text)]));

const DELETE = { title: "Delete this device?", text: "The device will be logged out at once and has to be authorised again." };
const ALL = {
  title: "Log out all devices?",
  text: "All devices will be logged out, this one too. You will have to log in again.",
};

/** A plain table: no mark on the current session, "Delete" in every row, a code asked for each. */
function binanceOld({ sessions }, act) {
  return h("main", { class: "main" },
    crumbs([paths.dashboard, "Dashboard"], [paths.security, "Security"], [null, "Device Management"]),
    h("div", { class: "between" }, h("h1", {}, "Device Management"),
      h("button", { type: "button", class: "button", click: () => askToEndAll(ALL, act) }, "Log out all devices")),
    h("p", { class: "muted" }, "These devices are currently allowed to access your account. A device that you delete is logged out at once."),
    h("table", { class: "table" },
      h("thead", {}, h("tr", {}, ["Device", "Date", "Location", "IP Address", "Action"].map((text) => h("th", {}, text)))),
      h("tbody", {}, sessions.map((session) => h("tr", { class: "row" },
        h("td", {}, session.device), h("td", {}, localTime(session.firstLogin)), h("td", {}, place(session.place)),
        h("td", {}, session.address),
        h("td", {}, h("button", { type: "button", class: "link", click: () => askToEnd(session, DELETE, act) }, "Delete")))))),
    h("section", { class: "card" }, h("h3", {}, "Do not recognise a device?"),
      h("p", {}, "Change your password and ", link(paths.security, {}, "disable your account"), ".")));
}

/** A row that only measures columns: nobody can see it. */
const measure = (columns) => h("tr", { "aria-hidden": "true", class: "measure" },
  Array.from({ length: columns }, () => h("td", {}, h("div", {}, "\u00a0"))));

const cell = (index, ...children) => h("td", { "aria-colindex": index, class: "cell" }, h("div", { class: "cell-in" }, ...children));
const heads = (texts) => h("thead", { class: "thead" }, h("tr", {}, texts.map((text) => h("th", { class: "cell" }, text))));
const FACTORS = { authenticator: "Authenticator App", passkey: "Passkey", password: "Password only" };

const bin = (session, act) => h("button", { type: "button", class: "icon-button", "aria-label": "Delete", click: () => askToEnd(session, DELETE, act) }, icon("bin"));
const tag = (session) => (session.current ? h("div", { class: "tag" }, "Current device") : null);

/** The kit's table of logins. */
export function kitHistory(logins) {
  return h("div", { class: "table-box" }, h("table", { class: "table" },
    heads(["Time", "Device", "IP Address", "Location", "2FA Method", "Status"]),
    h("tbody", {}, measure(6), logins.map((login) => h("tr", { class: "row", role: "row" },
      cell(1, localTime(login.at)), cell(2, login.device), cell(3, login.address), cell(4, place(login.place)),
      cell(5, FACTORS[login.factor]),
      cell(6, h("span", { class: login.outcome === "success" ? "up" : "down" }, login.outcome === "success" ? "Success" : "Failed")))))));
}

/** Hidden measure rows, bin icons named only by aria-label, a second copy for phones, a history below. */
function binanceKit({ sessions, logins }, act) {
  return h("main", { class: "main" },
    h("div", { class: "tabs", role: "tablist" },
      h("div", { role: "tab", "aria-selected": "true", class: "tab on" }, "Devices and Activities"),
      h("div", { role: "tab", "aria-selected": "false", class: "tab" }, "Advanced Security")),
    h("section", { class: "section" },
      h("div", { class: "between" }, h("h2", {}, "Device Management"),
        h("button", { type: "button", class: "button", click: () => askToEndAll(ALL, act) }, "Log out all devices")),
      h("p", { class: "muted" }, "Devices that are signed in to your account now."),
      h("div", { class: "table-box wide" }, h("table", { class: "table" },
        heads(["Device", "Location", "Latest Time of Activity", "IP Address", ""]),
        h("tbody", {}, measure(5), sessions.map((session) => h("tr", { class: "row", role: "row" },
          cell(1, h("div", { class: "strong" }, session.device), tag(session)), cell(2, place(session.place)),
          cell(3, localTime(session.lastActivity)), cell(4, session.address),
          cell(5, session.current ? null : bin(session, act))))))),
      h("div", { class: "narrow" }, sessions.map((session) => h("div", { class: "card" },
        h("div", { class: "strong" }, session.device), tag(session), h("div", {}, place(session.place)),
        h("div", {}, localTime(session.lastActivity)), h("div", {}, session.address),
        session.current ? null : bin(session, act))))),
    h("section", { class: "section" },
      h("div", { class: "between" }, h("h2", {}, "Login History"), link(paths.history, {}, "More")),
      kitHistory(logins.slice(0, 12))));
}

/** Cards with relative times, a badge on the current one, one button for all. */
function kucoin({ sessions, now }, act) {
  const end = { title: "Log out this device?", text: "The device will have to log in again.", button: "Log out" };
  return h("main", { class: "main" },
    crumbs([paths.dashboard, "Account"], [paths.security, "Security Settings"], [null, "Login devices"]),
    h("div", { class: "between" }, h("h1", {}, "Login devices"),
      h("button", { type: "button", class: "button danger", click: () => askToEndAll(ALL, act) }, "Log out all devices")),
    h("p", { class: "muted" }, "The following devices are logged in to your account. If you see anything unusual, log out and change your password."),
    h("div", { class: "cards" }, sessions.map((session) => h("div", { class: "card" },
      h("div", { class: "between" },
        h("div", { class: "device" }, icon(session.form === "phone" ? "phone" : "desktop"), h("span", { class: "strong" }, session.device),
          session.current ? h("span", { class: "tag" }, "Current device") : null),
        h("button", { type: "button", class: "link", click: () => askToEnd(session, end, act) }, "Log out")),
      h("div", { class: "meta muted" }, h("span", {}, `IP: ${session.address}`), h("span", {}, place(session.place)),
        h("span", {}, `Last active ${ago(session.lastActivity, now)}`))))));
}

/** Label and value rows; the same word, "Remove", stands beside the mail address above. */
function cryptonow({ sessions, security, now }, act) {
  const remove = (click) => h("button", { type: "button", class: "link", click }, either("Remove", "Entfernen"));
  const pair = (label, value) => h("div", { class: "pair" }, h("span", { class: "label" }, label), " ", h("span", { class: "value" }, value));
  const end = {
    title: either("Remove this session?", "Diese Sitzung entfernen?"),
    text: either("The device is logged out at once.", "Das Gerät wird sofort abgemeldet."),
    button: either("Remove session", "Sitzung entfernen"),
  };
  const off = either("Not set", "Nicht eingerichtet");
  return h("main", { class: "main" },
    h("h1", {}, t("settings")),
    h("div", { class: "tabs" }, link(paths.dashboard, { class: "tab" }, t("profile")),
      link(paths.security, { class: "tab on", "aria-current": "page" }, t("security")), link(paths.apiKeys, { class: "tab" }, t("apiKeys"))),
    h("section", { class: "section" }, h("h2", {}, either("E-mail address", "E-Mail-Adresse")),
      h("div", { class: "item between" }, h("div", {}, h("span", {}, security.email ? security.mail : off), " ",
        security.email ? h("span", { class: "muted" }, either("verified 3 days ago", "bestätigt vor 3 Tagen")) : null),
      security.email ? remove(() => askToRemove("email", security.mail, act)) : null)),
    h("section", { class: "section" }, h("h2", {}, either("Two-Factor Authentication (2FA)", "Zwei-Faktor-Authentifizierung (2FA)")),
      h("div", { class: "item between" }, h("span", {}, security.authenticator ? either("Authenticator app: on", "Authenticator-App: aktiv") : off),
        security.authenticator ? remove(() => askToRemove("authenticator", "Authenticator", act)) : null)),
    h("section", { class: "section" }, h("div", { class: "between" }, h("h2", {}, either("Sessions", "Sitzungen")), link(paths.history, {}, t("history"))),
      h("p", { class: "muted" }, either("When you remove a session, the device is logged out at once. Your current session stays.",
        "Wenn Sie eine Sitzung entfernen, wird das Gerät sofort abgemeldet. Ihre aktuelle Sitzung bleibt bestehen.")),
      h("div", { role: "list" }, sessions.map((session) => h("div", { role: "listitem", class: "item" },
        h("div", { class: "between" }, h("b", {}, place(session.place)),
          session.current ? h("span", { class: "tag" }, either("Current session", "Aktuelle Sitzung")) : remove(() => askToEnd(session, end, act))),
        pair(either("IP address", "IP-Adresse"), session.address), pair(either("Device type", "Gerätetyp"), session.device),
        pair(either("Last activity", "Letzte Aktivität"), ago(session.lastActivity, now)))))));
}

/** An English list inside an Arabic document; a green dot without a text for the current session. */
function activeSessionsRtl({ sessions }, act) {
  const end = { title: "Sign out this session?", text: "The device has to sign in again.", button: "Sign out" };
  const others = { title: "Sign out all other sessions?", text: "Only this session stays.", button: "Sign out others" };
  const pair = (label, value, dir) => h("div", {}, h("dt", {}, label), h("dd", { dir }, value));
  return h("main", { class: "main" },
    crumbs([paths.dashboard, "Profile"], [paths.security, "Security"], [null, "Active sessions"]),
    h("h1", {}, "Active sessions"),
    h("p", {}, "Every device that is signed in to your account. A session that you do not know should be signed out first."),
    h("button", { type: "button", class: "button", click: () => askToEndAll(others, act) }, "Sign out all other sessions"),
    h("div", { class: "cards" }, sessions.map((session) => h("article", { class: "card" },
      h("div", { class: "device" }, session.current ? h("span", { class: "dot" }) : null, h("h3", { dir: "ltr" }, session.device)),
      h("dl", { class: "grid" }, pair("IP", session.address, "ltr"), pair("ISP", session.isp), pair("Approximate location", place(session.place)),
        pair("First login", utcTime(session.firstLogin)), pair("Last activity", utcTime(session.lastActivity))),
      session.current ? null : h("button", { type: "button", class: "button", click: () => askToEnd(session, end, act) }, "Sign out")))),
    h("section", { class: "section" }, h("h2", {}, "Session length"),
      ["30 days", "7 days"].map((text, n) => h("label", { class: "choice" }, h("input", { type: "radio", name: "length", checked: n === 0 }), ` ${text}`))),
    h("section", { class: "section" }, h("h2", {}, "IP blocklist"), h("p", { class: "muted" }, "No addresses.")));
}

const PAGES = {
  "binance-old": { title: "Device Management", needs: ["sessions"], render: binanceOld },
  "binance-kit": { title: "Account Activity", needs: ["sessions", "logins"], render: binanceKit },
  kucoin: { title: "Login devices", needs: ["sessions"], render: kucoin },
  cryptonow: { title: t("security"), needs: ["sessions", "security"], render: cryptonow },
  "active-sessions-rtl": { title: "Active sessions", needs: ["sessions"], render: activeSessionsRtl },
};

/** The device page of this exchange. */
export const devices = PAGES[config.skin];
