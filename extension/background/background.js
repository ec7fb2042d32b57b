// Behind the service worker (Chromium) and the event page (Firefox): the listeners, added before any await so that an
// event which wakes the background is never lost, and the queue that hands them to the core one at a time.
import init, { handle } from "./latchkey_background.js";

const api = globalThis.browser ?? globalThis.chrome;

/** Resolves when the core can be called; says in the toolbar when it cannot. */
const core = init().catch((/** @type {unknown} */ error) => {
  void api.action.setBadgeText({ text: "!" });
  void api.action.setTitle({ title: api.i18n.getMessage("badge_broken") });
  throw error;
});

/** @type {Promise<unknown>} */
let tail = Promise.resolve();

/**
 * Hands one event to the core, after all before it.
 * @param {string} name
 * @param {...unknown} args
 * @returns {Promise<unknown>} the core's answer
 */
function hand(name, ...args) {
  tail = tail
    .then(() => core)
    .then(() => handle(name, args))
    .catch((error) => ({ kind: "refused", why: String(error) }));
  return tail;
}

api.runtime.onInstalled.addListener((details) => void hand("installed", { reason: details.reason }));
api.runtime.onStartup.addListener(() => void hand("startup"));
api.permissions.onAdded.addListener(() => void hand("permissions"));
api.permissions.onRemoved.addListener(() => void hand("permissions"));
// Of a page that could not be loaded Firefox tells only the end, and of hosts that are not granted no browser the address.
api.tabs.onUpdated.addListener((_id, change, tab) => void (change.status && (change.status === "loading" || !tab.url) && hand("tab-loading", tab)));
api.tabs.onRemoved.addListener((id) => void hand("tab-closed", id));
api.storage.onChanged.addListener((_changes, area) => void (area === "managed" && hand("managed")));
// Chromium knows its policies late, at times, and then tells nobody. The core waits for them no longer than this.
const asked = Date.now();
api.storage.managed.get("sharedComputer").then(() => void (Date.now() - asked > 200 && hand("managed")), () => {});
api.alarms.onAlarm.addListener(() => void hand("alarm"));
api.idle.setDetectionInterval(120);
api.idle.onStateChanged.addListener((state) => void hand("presence", state));
api.runtime.onMessage.addListener((message, sender, respond) => {
  if (message?.to === "screens") return false;
  void hand(message?.to === "data" ? "data" : "message", message, sender).then(respond);
  return true;
});
