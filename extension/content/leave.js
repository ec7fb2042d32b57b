/**
 * The watch in the page: the slim bar, the browser's own question before leaving, the countdown and the cover.
 *
 * Armed and disarmed by the background alone. What must be ready before anything can be asked (the question, the
 * countdown's end) is kept here as it was told.
 */
(() => {
  const latchkey = (globalThis.latchkey ??= {});
  if (latchkey.guard) return;

  const STYLE = `
    .bar { position: fixed; inset: auto 0 0; display: flex; align-items: center; gap: 12px; padding: 7px 14px; background: #b3261e; color: #fff; font-size: 13px; box-shadow: 0 -1px 6px rgb(16 24 32 / .25); overflow-wrap: anywhere; }
    .bar[data-tone=good] { background: #0b5a34; }
    .bar .name { display: inline; } .bar .detail { display: inline; color: inherit; margin-inline-start: 8px; opacity: .92; }
    .bar .go { background: #fff; color: #8f1a14; } .bar .close { color: inherit; }
    .stage[data-barred] .banner { bottom: 64px; }
    .count { position: fixed; inset: 20px 0 auto; margin: auto; display: flex; align-items: center; gap: 14px; width: max-content; max-width: min(540px, calc(100vw - 32px));
      padding: 14px 16px; border-radius: 12px; background: var(--panel); border: 2px solid #b3261e; box-shadow: 0 8px 28px rgb(16 24 32 / .3); }
    .count b { font: 700 26px/1 system-ui, sans-serif; min-width: 2ch; text-align: center; font-variant-numeric: tabular-nums; }
    .cover { position: fixed; inset: 0; width: 100%; height: 100%; max-width: none; max-height: none; margin: 0; border: 0; padding: 24px; background: var(--panel); color: var(--ink); }
    .cover[open] { display: grid; place-content: center; justify-items: center; gap: 14px; text-align: center; }
    .cover .name { font-size: 22px; } .cover .detail { max-width: 46ch; font-size: 15px; display: block; }
    .cover .go { padding: 10px 22px; font-size: 15px; }`;

  /** @type {Painting | null} */
  let painting = null;
  /** @type {Guard | null} */
  let guarded = null;
  /** @type {Element | undefined} */
  let target;
  /** Where the page is about to go by itself. */
  let heading = "";
  let dismissed = "";
  let timer = 0;
  let said = "";
  /** @type {HTMLElement | null} */
  let bar = null;
  /** @type {HTMLElement | null} */
  let count = null;
  /** @type {HTMLDialogElement | null} */
  let cover = null;

  /** @param {BeforeUnloadEvent} event */
  function ask(event) {
    if (guarded?.hosts.includes(hostOf(heading)) || latchkey.isAlive?.() === false) return;
    event.preventDefault();
    event.returnValue = "?"; // browsers show words of their own
  }

  /** @param {string} url */
  function hostOf(url) {
    return URL.canParse(url) ? new URL(url).hostname : "";
  }

  /** @param {string} url */
  function head(url) {
    heading = url;
    setTimeout(() => (heading = ""), 1_000);
  }

  /**
   * Takes what the background says; null is nothing to guard.
   * @param {Painting | null} order
   * @param {Element[]} elements
   */
  function guard(order, elements) {
    painting = order?.guard || order?.bar ? order : null;
    const told = painting?.guard ?? null;
    if (told && !guarded) window.addEventListener("beforeunload", ask);
    if (!told) window.removeEventListener("beforeunload", ask);
    guarded = told;
    target = elements[painting?.bar?.target ?? -1];
    hold();
  }

  /** Draws what is to be seen of it, anew where the overlay was taken away. Says whether there is anything. */
  function hold() {
    clearInterval(timer);
    const due = guarded?.coveredFrom ?? null;
    if (painting) {
      const stage = latchkey.prepare?.(painting);
      if (stage && !stage.querySelector("style")) {
        const style = document.createElement("style");
        style.textContent = STYLE;
        stage.append(style);
      }
      if (stage) drawBar(stage, painting);
      if (stage && due !== null) {
        timer = setInterval(tick, 250);
        tick();
      }
    } else {
      bar?.remove();
      bar = null;
    }
    if (due === null) uncover();
    return Boolean(bar ?? count ?? cover);
  }

  /**
   * @param {HTMLElement} stage
   * @param {Painting} painting
   */
  function drawBar(stage, { bar: words, words: { close } }) {
    const shown = words && dismissed !== location.pathname ? JSON.stringify([{ ...words, target: 0 }, Boolean(target)]) : "";
    stage.toggleAttribute("data-barred", shown !== "");
    if (bar?.isConnected && said === shown) return;
    said = shown;
    bar?.remove();
    bar = null;
    if (!words || shown === "" || !latchkey.make || !latchkey.closer) return;
    const text = latchkey.make("div", "words", latchkey.make("span", "name", words.text), latchkey.make("span", "detail", words.detail));
    bar = latchkey.make("div", "bar", text);
    bar.dataset.tone = words.tone;
    bar.setAttribute("role", "status");
    if (words.action && target) bar.append(latchkey.make("button", "go", words.action));
    bar.append(latchkey.closer(close));
    stage.append(bar);
  }

  function tick() {
    const due = guarded?.coveredFrom ?? null;
    if (due === null || !guarded || !painting || !latchkey.make) return;
    const left = Math.ceil((due - Date.now()) / 1_000);
    const { words } = guarded;
    const stage = latchkey.prepare?.(painting);
    if (left > 0) {
      if (!count?.isConnected) {
        const text = latchkey.make("div", "words", latchkey.make("div", "name", words.countdown), latchkey.make("div", "detail", words.countdownDetail));
        const number = latchkey.make("b", "left");
        number.setAttribute("aria-hidden", "true");
        count = latchkey.make("div", "count", number, text, latchkey.make("button", "go", words.stay));
        count.setAttribute("role", "alert");
        stage?.append(count);
        if (stage) stage.hidden = false;
      }
      const number = count.querySelector("b");
      if (number) number.textContent = String(left);
      return;
    }
    clearInterval(timer);
    count?.remove();
    count = null;
    if (!cover?.isConnected) {
      cover = latchkey.make("dialog", "cover", latchkey.make("div", "name", words.cover), latchkey.make("div", "detail", words.coverDetail),
        latchkey.make("button", "go", words.stay));
      cover.setAttribute("closedby", "none");
      cover.addEventListener("cancel", (event) => event.preventDefault());
      stage?.append(cover);
    }
    if (stage) stage.hidden = false;
    if (!cover.matches(":modal")) {
      cover.close();
      cover.showModal();
    }
  }

  function uncover() {
    for (const shown of [count, cover]) shown?.remove();
    count = cover = null;
  }

  /** The person is there. Said to the background too, which says it to the other tabs. */
  function stay() {
    if (guarded) guarded.coveredFrom = null;
    uncover();
    latchkey.tell?.("here");
  }

  /**
   * What a person does in the overlay; whether it was meant for this.
   * @param {Event} event
   * @param {Element | null | undefined} button
   */
  function attend(event, button) {
    if (count && (event.type === "keydown" || event.type === "pointerdown" || event.type === "click")) {
      stay();
      return true;
    }
    if (event.type !== "click" || !button) return false;
    if (cover?.contains(button)) stay();
    else if (bar?.contains(button) && button.className === "go") latchkey.show?.(target);
    else if (bar?.contains(button)) {
      dismissed = location.pathname;
      hold();
    } else return false;
    return true;
  }

  for (const type of ["keydown", "pointerdown"]) {
    window.addEventListener(type, (event) => count && event.isTrusted && stay(), { capture: true, passive: true });
  }
  // Going to another page of the exchange is not leaving it.
  globalThis.navigation?.addEventListener("navigate", (event) => head(event.destination.url));
  window.addEventListener("click", (event) => {
    const link = event.composedPath().find((it) => it instanceof HTMLAnchorElement);
    if (link instanceof HTMLAnchorElement) head(link.href);
  }, { capture: true, passive: true });

  Object.assign(latchkey, { guard, hold, attend });
})();
