/**
 * The wiring, at document_idle: sends what the page shows to the background, and paints what comes back.
 *
 * A capture is taken when the page has been quiet for a moment, sent only if it says something new, and never taken
 * of a tab that nobody looks at. Only the extension itself is obeyed.
 */
(() => {
  const latchkey = (globalThis.latchkey ??= {});
  const api = globalThis.browser ?? globalThis.chrome;
  if (latchkey.watching || !api) return;
  const { runtime } = api;
  latchkey.watching = true;
  // The scripts before this one have put these there.
  const { capture, limits, paint, place, show, clear, isAlive } = /** @type {Required<Latchkey>} */ (latchkey);

  const QUIET = 250;
  const SILENCE = 5_000;
  const PATIENCE = 2_000;
  // A page that never rests (a ticker) is looked at ever more seldom, until it rests, the person does something, or
  // something with parts (a row) comes to be.
  const LEAST_OFTEN = 8_000;
  const PARTS = 3;
  const PRESSABLE = "a, button, input[type=submit], input[type=button], [role=button], [role=menuitem], [role=link]";

  // Grows over reloads, too: an answer to the document before this one must not be painted over this one.
  let revision = Date.now();
  let sent = "";
  let path = location.pathname;
  /** @type {Element[]} */
  let elements = [];
  /** @type {Painting | null} */
  let painting = null;
  // Whether the person is to be warned: so until the background says otherwise, however long it takes.
  let guarded = true;
  let timer = 0;
  let idle = 0;
  let patience = PATIENCE;
  /** @type {number | null} */
  let since = null;
  let latest = 0;
  let behind = false;
  const ending = new AbortController();

  /** @param {number} time */
  const rest = (time) => new Promise((/** @type {(it: undefined) => void} */ done) => setTimeout(done, time, undefined));

  /** Notes that the page may show something new. */
  function note() {
    if (!isAlive()) return stop();
    if (location.pathname !== path) {
      path = location.pathname;
      patience = PATIENCE;
      clear();
    }
    if (document.hidden) {
      behind = true;
      return;
    }
    place();
    latest = performance.now();
    since ??= latest;
    clearTimeout(timer);
    timer = setTimeout(settle, Math.max(0, Math.min(QUIET, since + patience - latest)));
  }

  function settle() {
    const rested = performance.now() - latest >= QUIET - 10;
    patience = rested ? PATIENCE : Math.min(2 * patience, LEAST_OFTEN);
    since = null;
    cancelIdleCallback(idle);
    idle = requestIdleCallback(() => void report(), { timeout: 500 });
  }

  async function report() {
    if (ending.signal.aborted) return;
    if (document.hidden) {
      behind = true;
      return;
    }
    const taken = capture(document);
    elements = taken.elements;
    for (const root of taken.roots) observe(root);
    if (taken.json === sent) {
      // The same words in other elements: the numbers still hold.
      if (painting) paint(painting, elements);
      return;
    }
    sent = taken.json;
    painting = null;
    /** @type {PageReport} */
    const message = { page: { revision: ++revision, capture: sent } };
    try {
      obey(await tell(message, () => message.page.revision === revision));
    } catch {
      if (!isAlive()) return stop();
      if (message.page.revision === revision) sent = "";
    }
  }

  /**
   * Says something to the background. It may be ended while it answers (an error, no answer, or silence for ever):
   * asking again, where that is still due, does no harm, and a fourth time no good.
   * @param {PageReport | Told} message
   * @param {() => boolean} isDue
   */
  async function tell(message, isDue = () => true) {
    for (let pause = 50; pause < 1_000 && isAlive() && isDue(); pause *= 4) {
      const answer = await Promise.race([runtime.sendMessage(message).catch(() => undefined), rest(SILENCE)]);
      if (answer) return answer;
      await rest(pause);
    }
    throw new Error("no answer");
  }

  /** @param {Order | undefined} order */
  function obey(order) {
    if (ending.signal.aborted) return;
    switch (order?.kind) {
      case "paint":
        if (order.revision !== revision) return;
        painting = order.painting;
        guarded = Boolean(painting.guard);
        latchkey.guard?.(painting, elements);
        return paint(painting, elements);
      case "show":
        if ((order.revision ?? revision) === revision) show(elements[order.node]);
        return;
      case "clear":
        if ((order.revision ?? revision) !== revision) return;
        painting = null;
        guarded = false;
        latchkey.guard?.(null, elements);
        return clear();
      case "refused":
        // Asked again at the page's next change.
        sent = "";
        return;
      case "capture":
        sent = "";
        return void report();
      case "stop":
        return stop();
    }
  }

  /** @type {Parameters<ExtensionRuntime["onMessage"]["addListener"]>[0]} */
  const listener = (message, sender, respond) => {
    if (sender.id !== runtime.id) return;
    // A screen of the extension asks for the page as it is now.
    if (message.kind === "look") respond(capture(document).json);
    else obey(message);
  };

  const observer = new MutationObserver((records) => {
    const hosts = [latchkey.host, latchkey.lesson?.host].filter(Boolean);
    const isHost = (/** @type {Node | undefined} */ node) => hosts.includes(/** @type {HTMLElement} */ (node));
    const own = (/** @type {MutationRecord} */ { target, addedNodes, removedNodes }) =>
      isHost(target) || (addedNodes.length + removedNodes.length === 1 && isHost(addedNodes[0] ?? removedNodes[0]));
    if (hosts.length > 0 && records.every(own)) return;
    const grown = records.some(({ addedNodes }) =>
      [...addedNodes].some((node) => node instanceof Element && node.childElementCount >= PARTS));
    if (grown) patience = PATIENCE;
    note();
  });
  /** @type {WeakSet<Node>} */
  const observed = new WeakSet();

  /** @param {Node} root */
  function observe(root) {
    if (observed.has(root)) return;
    observed.add(root);
    observer.observe(root, {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: ["class", "style", "hidden", "open", "aria-hidden", ...limits.ATTRIBUTES],
    });
  }

  /**
   * Says what was pressed while the person is to be warned: the exchange's log-out may be among it.
   * @param {Event} event
   */
  function reportPress(event) {
    if (!guarded || !event.isTrusted) return;
    const button = event.composedPath().find((it) => it instanceof Element && it.matches(PRESSABLE));
    if (!(button instanceof HTMLElement)) return;
    const node = elements.indexOf(button);
    const said = button instanceof HTMLInputElement ? button.value : button.innerText;
    const words = (said || button.ariaLabel || button.title || "").trim().slice(0, 120);
    if (isAlive()) tell({ pressed: { revision, node: node < 0 ? null : node, words } }).catch(() => {});
  }

  function stop() {
    if (ending.signal.aborted) return;
    ending.abort();
    observer.disconnect();
    clearTimeout(timer);
    cancelIdleCallback(idle);
    elements = [];
    painting = null;
    latchkey.guard?.(null, elements);
    clear();
    if (isAlive()) runtime.onMessage.removeListener(listener);
    latchkey.watching = false;
  }

  const options = { signal: ending.signal, capture: true, passive: true };
  for (const type of ["popstate", "hashchange", "pageshow", "transitionend", "animationend"]) {
    window.addEventListener(type, note, options);
  }
  // Reached from the window in every browser that has it; the others show a new route by its mutations.
  globalThis.navigation?.addEventListener("currententrychange", note, options);
  for (const type of ["click", "keydown"]) window.addEventListener(type, () => (patience = PATIENCE), options);
  window.addEventListener("click", reportPress, options);
  latchkey.tell = tell;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !behind) return;
    behind = false;
    note();
  }, options);
  runtime.onMessage.addListener(listener);
  observe(document);
  note();
})();
