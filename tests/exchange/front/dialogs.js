// Questions before something happens. They stand outside the part of the page that renders itself anew.

import { h } from "./kit.js";
import { config, either, t } from "./text.js";

const portal = document.getElementById("__PORTAL");

function open(title, text, body, buttons) {
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" },
    h("h2", { id: "dialog-title", dir: "auto" }, title), h("p", { dir: "auto" }, text), body, h("div", { "data-part": "buttons" }, buttons));
  dialog.addEventListener("close", () => dialog.remove());
  portal.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before `perform(code)` is done. `perform` gives the name of an error, or nothing when it was done.
 */
export function ask({ title, text, button, withCode, perform }) {
  const code = h("input", { inputmode: "numeric", autocomplete: "one-time-code", maxlength: 6, "aria-label": t("code"), placeholder: "000000" });
  const error = h("p", { role: "alert", "data-part": "error" });
  const confirm = h("button", { type: "button", "data-part": "confirm" }, button ?? t("confirm"));
  const cancel = h("button", { type: "button", click: () => dialog.close() }, t("cancel"));
  const body = h("div", {}, withCode ? h("label", {}, t("codeHelp"), code) : null, error);
  const dialog = open(title, text, body, [cancel, confirm]);
  confirm.addEventListener("click", async () => {
    confirm.disabled = true;
    const refusal = await perform(code.value);
    confirm.disabled = false;
    if (refusal) error.textContent = refusal === "code" ? t("wrongCode") : refusal;
    else dialog.close();
  });
}

/** Says something that needs no answer. */
export function notice(title, text) {
  const close = h("button", { type: "button", "data-part": "confirm", click: () => dialog.close() }, t("close"));
  const dialog = open(title, text, null, [close]);
}

/** Asks before a session ends. */
export function askToEnd(session, words, act) {
  ask({
    ...words,
    withCode: config.demandsCode,
    perform: (code) => act.post("/api/sessions/end", { id: session.id, code }),
  });
}

/** Asks before all sessions end. */
export function askToEndAll(words, act) {
  ask({ ...words, perform: () => act.post("/api/logout-all", {}) });
}

/** Asks before something that is no session is removed. */
export function askToRemove(what, name, act) {
  ask({
    title: either(`Remove ${name}?`, `${name} entfernen?`),
    text: either("This changes how your account is protected.", "Dies ändert den Schutz Ihres Kontos."),
    perform: () => act.post("/api/security/remove", { what }),
  });
}
