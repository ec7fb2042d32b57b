// Every page but the device page.

import { devices, kitHistory } from "./devices.js";
import { askToRemove, notice } from "./dialogs.js";
import { link } from "./frame.js";
import { h, icon } from "./kit.js";
import { config, either, isBinance, localTime, place, t, time } from "./text.js";

const { paths } = config;

// What has been typed so far on the way in; it survives a render.
const entry = { user: "", challenge: null, remember: true, error: "" };

function home(_data, act) {
  return h("main", { class: "main hero" }, h("h1", {}, t("home")), h("p", { class: "muted" }, t("homeText")),
    act.me ? link(paths.dashboard, { class: "button primary" }, t("overview")) : link(paths.login, { class: "button primary" }, t("logIn")));
}

const WRONG = { credentials: "wrongCredentials", code: "wrongCode", challenge: "again" };

function form(title, fields, button, submit) {
  const error = h("p", { role: "alert", class: "error" }, entry.error);
  const send = h("button", { type: "submit", class: "button primary" }, button);
  return h("main", { class: "main small" }, h("h1", {}, title),
    h("form", {
      class: "form", method: "post",
      submit: async (event) => {
        event.preventDefault();
        send.disabled = true;
        entry.error = "";
        const refusal = await submit(new FormData(event.target));
        send.disabled = false;
        error.textContent = refusal ? t(WRONG[refusal] ?? "again") : "";
      },
    }, fields, error, send));
}

const field = (text, props) => h("label", {}, h("span", {}, text), h("input", { required: true, dir: "ltr", ...props }));

function login(_data, act) {
  if (act.ended) entry.error = t("ended");
  return form(t("logIn"), [
    field(t("email"), { name: "user", type: "email", autocomplete: "username", value: entry.user }),
    field(t("password"), { name: "password", type: "password", autocomplete: "current-password" }),
    h("label", { class: "choice" }, h("input", { type: "checkbox", name: "remember", checked: entry.remember }), ` ${t("keep")}`),
  ], t("next"), async (data) => {
    entry.user = data.get("user");
    entry.remember = data.has("remember");
    const { error, challenge } = await act.send("/api/login", { user: entry.user, password: data.get("password") });
    if (error) return error;
    entry.challenge = challenge;
    await act.navigate(paths.second_factor);
  });
}

function secondFactor(_data, act) {
  return form(t("code"), [
    h("p", { class: "muted" }, t("codeHelp")),
    field(t("code"), { name: "code", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6, pattern: "[0-9]{6}" }),
  ], t("submit"), async (data) => {
    const body = { challenge: entry.challenge ?? "", code: data.get("code"), remember: entry.remember };
    const { error } = await act.send("/api/login/verify", body);
    if (error === "challenge") {
      entry.error = t("again");
      await act.navigate(paths.login);
    } else if (!error) {
      entry.challenge = null;
      await act.navigate(paths.dashboard);
    }
    return error;
  });
}

/** Binance's card: each entry is a pair of flex rows and no table. */
function activityCard({ sessions }) {
  return h("section", { class: "card" },
    h("div", { class: "between" }, h("div", { class: "tabs" }, h("span", { class: "tab" }, "Activity"), h("span", { class: "tab on" }, "Devices")),
      link(paths.devices, {}, "Manage")),
    sessions.slice(0, 4).map((session) => h("div", { class: "item" },
      h("div", { class: "between" }, h("span", {}, session.device), h("span", {}, session.address)),
      h("div", { class: "between muted" }, h("span", {}, place(session.place)), h("span", {}, localTime(session.lastActivity))))));
}

function dashboard(data, act) {
  return h("main", { class: "main" }, h("h1", {}, t("overview")),
    h("section", { class: "card" }, h("p", { class: "muted" }, either("Estimated balance", "Geschätztes Guthaben")), h("p", { class: "big" }, "0.48210000 BTC"),
      h("p", { class: "muted" }, "≈ 29,506.77 USD")),
    h("section", { class: "card between" }, h("div", {}, h("b", {}, t("security")), h("p", { class: "muted", dir: "ltr" }, act.me.mail)),
      link(paths.security, { class: "button" }, t("security"))),
    data.sessions ? activityCard(data) : null);
}

function security({ security: state }, act) {
  const soon = () => notice("Not part of the demonstration", "The demo exchange leaves this as it is.");
  const word = isBinance ? "Delete" : "Remove";
  const item = (name, title, text, buttons) => h("div", { class: "item between" },
    h("div", { class: "device" }, icon(name), h("div", {}, h("div", { class: "strong" }, title), h("div", { class: "muted" }, text))), h("div", { class: "acts" }, buttons));
  const button = (text, click) => h("button", { type: "button", class: "button", click }, text);
  const factor = (name, what, title, text) => item(name, title, state[what] ? text : "Unset",
    state[what] ? button(what === "passkey" ? word : "Remove", () => askToRemove(what, title, act)) : button("Enable", soon));
  const last = state.lastLogin;
  return h("main", { class: "main" }, h("h1", {}, config.skin === "kucoin" ? "Security Settings" : "Security"),
    h("section", { class: "section" }, h("h2", {}, "Two-Factor Authentication (2FA)"),
      factor("shield", "passkey", "Security Key / Passkey", `Built-in passkey, added ${localTime(state.passkeyAdded)}`),
      factor("phone", "authenticator", "Authenticator App", "An app generates the codes."),
      factor("phone", "phone", "Phone Number Verification", "+351 *****4471"),
      factor("desktop", "email", "Email Address Verification", state.mail),
      item("shield", "Login Password", "Used to log in to your account.", button("Change", soon))),
    h("section", { class: "section" }, h("h2", {}, "Devices and Activities"),
      item("desktop", t("devices") ?? devices.title, "Manage devices allowed to access your account.", link(paths.devices, { class: "button" }, "Manage")),
      item("diamond", "Account Activity", last ? `Last login: ${localTime(last.at)}(${last.address}) from ${place(last.place)}.` : "",
        link(paths.history, { class: "button" }, "More"))),
    h("section", { class: "section" }, h("h2", {}, "Advanced Security"),
      item("shield", "Withdrawal Whitelist", "Withdrawals only to addresses of your list. OFF", button("Enable", soon)),
      item("shield", "Anti-Phishing Code", "Unset", button("Enable", soon)),
      item("bin", "Close account", "Removes the account and all that is in it.", button("Delete account", soon))));
}

function history({ logins, now }) {
  if (config.skin === "binance-kit") return h("main", { class: "main" }, h("h1", {}, "Login History"), kitHistory(logins));
  const done = either("Success", "Erfolgreich");
  const failed = either("Failed", "Fehlgeschlagen");
  const status = (login) => h("span", { class: login.outcome === "success" ? "up" : "down" }, login.outcome === "success" ? done : failed);
  const heads = either(["Time", "Device", "IP Address", "Location", "Status"], ["Zeit", "Gerät", "IP-Adresse", "Ort", "Ergebnis"]);
  return h("main", { class: "main" }, h("h1", {}, config.skin === "binance-old" ? "Account Activity" : t("history")),
    config.skin === "binance-old" ? h("div", { class: "tabs" }, h("span", { class: "tab on" }, "Login Activity"), h("span", { class: "tab" }, "Security Activity")) : null,
    h("table", { class: "table" }, h("thead", {}, h("tr", {}, heads.map((text) => h("th", {}, text)))),
      h("tbody", {}, logins.map((login) => h("tr", { class: "row" }, h("td", {}, time(login.at, now)), h("td", { dir: "auto" }, login.device),
        h("td", { dir: "auto" }, login.address), h("td", {}, place(login.place)), h("td", {}, status(login)))))));
}

function apiKeys({ security: { keys, calls } }, act) {
  const heads = either(["Label", "API key", "Created", "Permissions", "Action"], ["Name", "API-Schlüssel", "Erstellt", "Rechte", "Aktion"]);
  return h("main", { class: "main" }, h("h1", {}, t("apiKeys")),
    h("p", { class: "muted" }, either("Keys work without a session: logging out does not end them.", "Schlüssel gelten ohne Sitzung: Abmelden beendet sie nicht.")),
    h("table", { class: "table" }, h("thead", {}, h("tr", {}, heads.map((text) => h("th", {}, text)))),
      h("tbody", {}, keys.map((key) => h("tr", { class: "row" }, h("td", {}, key.label), h("td", {}, h("code", {}, key.key)), h("td", {}, localTime(key.created)),
        h("td", {}, either("Read", "Lesen")),
        h("td", {}, h("button", { type: "button", class: "link", click: () => askToRemove(key.id, key.label, act) }, either("Delete", "Löschen"))))))),
    h("section", { class: "section" }, h("h2", {}, either("API call history", "API-Aufrufe")),
      h("table", { class: "table" }, h("thead", {}, h("tr", {}, either(["Time", "API key", "Endpoint", "IP address"], ["Zeit", "API-Schlüssel", "Endpunkt", "IP-Adresse"]).map((text) => h("th", {}, text)))),
        h("tbody", {}, calls.map((call) => h("tr", { class: "row" }, h("td", {}, localTime(call.at)), h("td", {}, call.key), h("td", {}, h("code", {}, call.request)),
          h("td", { dir: "auto" }, call.address)))))));
}

function trade({ orders }) {
  const rows = orders ?? [];
  const heads = ["Date", "Pair", "Type", "Side", "Price", "Amount", "Filled", "Action"];
  return h("main", { class: "main" }, h("h1", { dir: "ltr" }, "BTC/USDT"), h("p", { class: "big up" }, "61,204.30"),
    h("section", { class: "section" }, h("div", { class: "between" }, h("h2", { dir: "auto" }, `Open orders (${rows.length})`),
      h("button", { type: "button", class: "button" }, "Cancel all")),
      h("table", { class: "table", dir: "ltr" }, h("thead", {}, h("tr", {}, heads.map((text) => h("th", {}, text)))),
        h("tbody", {}, rows.map((order) => h("tr", { class: "row" }, h("td", {}, localTime(order.at)), h("td", {}, order.pair), h("td", {}, order.kind),
          h("td", { class: order.side === "Buy" ? "up" : "down" }, order.side), h("td", {}, order.price), h("td", {}, order.amount), h("td", {}, order.filled),
          h("td", {}, h("button", { type: "button", class: "link" }, "Cancel"))))))));
}

/** What is shown where there is no page. */
export const notFound = { title: t("notFound"), needs: [], open: true, render: () => h("main", { class: "main hero" }, h("h1", {}, "404"), h("p", {}, t("notFound"))) };

/**
 * The pages by their path. `needs`: what they ask the server for; `open`: anybody may see them; `still`: the clock
 * does not render them anew, because somebody types in them.
 */
export const pages = new Map([
  [paths.home, { title: t("home"), needs: [], open: true, render: home }],
  [paths.login, { title: t("logIn"), needs: [], open: true, still: true, render: login }],
  [paths.second_factor, { title: t("code"), needs: [], open: true, still: true, render: secondFactor }],
  [paths.dashboard, { title: t("overview"), needs: isBinance ? ["sessions"] : [], render: dashboard }],
  [paths.security, { title: t("security"), needs: ["security"], render: security }],
  [paths.history, { title: t("history"), needs: ["logins"], render: history }],
  [paths.api_keys, { title: t("apiKeys"), needs: ["security"], render: apiKeys }],
  [paths.trade, { title: "BTC/USDT", needs: ["orders"], open: true, render: trade }],
  // Last: where the device page is the security page, it wins.
  [paths.devices, devices],
]);
