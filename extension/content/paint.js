/**
 * The overlay: a chip beside every row, one slim banner, a card with the reasons.
 *
 * One host at the end of the document, in the top layer, its content in a closed shadow root; the page's own nodes
 * are not touched, and every row gets its chip, so that the page can tell nothing from it. Nothing here decides or
 * answers: it shows what the background says, as text. Listeners are in `route`, for `guard.js` stops all events. Where
 * there is room is `spots.js`.
 */
(() => {
  const latchkey = (globalThis.latchkey ??= {});
  if (latchkey.paint) return;
  // The script before this one has put these there.
  const { GAP, HEIGHT, LOW, SHOULDER, parentOf, areKin, under, boxOf, spotFor } = /** @type {Spots} */ (latchkey.spots);

  const STYLE = `
    .stage { --panel: #fff; --ink: #1c2126; --soft: #545d66; --line: #d5dade; --ring: #0b62d6; --lift: 0 1px 2px rgb(16 24 32 / .16);
      color: var(--ink); font: 400 13px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-align: start; }
    [data-tone=good] { --ink: #0b5a34; --fill: #e9f7ef; --edge: #9fd5b6; }
    [data-tone=check] { --ink: #6a4400; --fill: #fff3d9; --edge: #e3ba66; }
    [data-tone=act] { --ink: #fff; --fill: #b3261e; --edge: #8f1a14; }
    [data-tone=quiet], [data-tone=unknown] { --ink: #4b545d; --fill: #f3f5f6; --edge: #ccd2d7; }
    .stage.dark { --panel: #1f2429; --ink: #eceff1; --soft: #b1bac2; --line: #3d454c; --ring: #8ab8ff; --lift: 0 1px 3px rgb(0 0 0 / .5); }
    .dark [data-tone=good] { --ink: #93dfb5; --fill: #12291d; --edge: #2f6c4b; }
    .dark [data-tone=check] { --ink: #ffd58a; --fill: #33270d; --edge: #7b5c1c; }
    .dark [data-tone=act] { --ink: #fff; --fill: #b8322a; --edge: #e0625a; }
    .dark [data-tone=quiet], .dark [data-tone=unknown] { --ink: #c3cad1; --fill: #262b30; --edge: #454d54; }
    .stage { color-scheme: light; } .stage.dark { color-scheme: dark; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button { font: inherit; color: inherit; margin: 0; cursor: pointer; }
    button:focus-visible, .card:focus-visible { outline: 2px solid var(--ring); outline-offset: 2px; }
    svg { flex: none; width: 12px; height: 12px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .chip { position: absolute; top: 0; left: 0; display: inline-flex; align-items: center; justify-content: center; gap: 4px;
      height: 22px; min-width: 22px; max-width: 184px; padding: 0 8px 0 6px; border: 1px solid var(--edge); border-radius: 11px;
      background: var(--fill); color: var(--ink); box-shadow: var(--lift); font-size: 12px; font-weight: 600; line-height: 1; white-space: nowrap; }
    .chip:dir(rtl) { padding: 0 6px 0 8px; }
    .chip[data-tone=unknown] { border-style: dashed; }
    .chip:hover, .chip[aria-expanded=true] { filter: brightness(.96); } .dark .chip:hover { filter: brightness(1.15); }
    .chip span { overflow: hidden; text-overflow: ellipsis; line-height: 1.5; }
    .chip.compact { padding: 0; width: 22px; } .chip.compact span { display: none; }
    .chip.edge { height: 18px; min-width: 18px; font-size: 11px; } .chip.edge.compact { width: 18px; }
    .away { visibility: hidden; }
    .card, .banner { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 8px 28px rgb(16 24 32 / .2); overflow-wrap: anywhere; }
    .card { position: absolute; top: 0; left: 0; width: max-content; max-width: min(340px, calc(100vw - 16px)); max-height: min(360px, calc(100vh - 16px)); overflow: auto; padding: 12px 14px; }
    .head { display: flex; align-items: center; gap: 8px; }
    .mark { display: inline-grid; place-items: center; flex: none; width: 22px; height: 22px; border: 1px solid var(--edge); border-radius: 50%; background: var(--fill); color: var(--ink); }
    .name { font-weight: 600; }
    .why { margin: 10px 0 2px; font-size: 12px; color: var(--soft); }
    ul { margin: 0; padding-inline-start: 18px; } li { margin: 3px 0; } li, .name, .detail { unicode-bidi: plaintext; text-align: match-parent; }
    .close { display: grid; place-items: center; flex: none; width: 26px; height: 26px; padding: 0; border: 0; border-radius: 50%; background: none; color: var(--soft); }
    .close:hover { background: color-mix(in srgb, currentColor 14%, transparent); }
    .banner { position: fixed; bottom: 16px; left: 50%; translate: -50%; display: flex; width: max-content; align-items: center; gap: 12px; max-width: min(460px, calc(100vw - 32px)); padding: 10px 10px 10px 12px; }
    .banner:dir(rtl) { padding: 10px 12px 10px 10px; }
    .words { flex: 1; min-width: 0; }
    .detail { color: var(--soft); font-size: 12px; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
    .go { flex: none; padding: 5px 12px; border: 1px solid transparent; border-radius: 8px; background: var(--ink); color: var(--panel); font-weight: 600; }
    .go:hover { opacity: .88; }
    .ring { position: absolute; top: 0; left: 0; border: 2px solid var(--ring); border-radius: 8px; box-shadow: 0 0 0 4px color-mix(in srgb, var(--ring) 28%, transparent); pointer-events: none; animation: fade 2.4s ease-in forwards; }
    @keyframes fade { 60% { opacity: 1; } to { opacity: 0; } }
    @media (prefers-reduced-motion: reduce) { .ring { animation-timing-function: step-end; } }
    @media print { .stage { display: none; } }`;

  // Each tone has a shape of its own, for whoever does not see its colour.
  const ICONS = {
    good: "M2.5 6.5 5 9l4.5-6",
    check: "M4 4.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.3M6 10v.01",
    act: "M6 2v4.6M6 9.9v.01",
    quiet: "M4.5 6a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0",
    unknown: "M3 6h6",
    close: "M2.5 2.5l7 7M9.5 2.5l-7 7",
  };
  const RESTORES_A_MINUTE = 10;

  /**
   * @typedef {{chip: Chip, row: Element, button: HTMLButtonElement, width: number, clips: Element[], rtl: boolean,
   *   spot: Spot | null | undefined}} Mark a chip; its spot is sought when its row is in view, `null` where there is none
   */

  /** @type {ShadowRoot | null} */
  let root = null;
  /** @type {HTMLElement | null} */
  let stage = null;
  /** @type {Map<Element, Mark>} */
  let marks = new Map();
  /** @type {Painting | null} */
  let painted = null;
  /** @type {Element | undefined} */
  let first;
  /** @type {HTMLElement | null} */
  let banner = null;
  /** @type {{card: HTMLElement, mark: Mark} | null} */
  let open = null;
  /** @type {{ring: HTMLElement, element: Element} | null} */
  let pointed = null;
  let dismissed = ""; // the path of the page whose banner was closed
  let dressed = "";
  let frame = 0;
  /** @type {number[]} */
  let restored = [];
  /** @type {AbortController | null} */
  let listening = null;
  const resized = new ResizeObserver(() => place());
  const kept = new MutationObserver(() => restore());

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {string} className
   * @param {(Node | string)[]} content
   */
  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  }

  /**
   * Whether two things say the same, one number apart.
   * @param {object | null | undefined} one
   * @param {object | null | undefined} other
   * @param {string} apart
   */
  const same = (one, other, apart) => JSON.stringify({ ...one, [apart]: 0 }) === JSON.stringify({ ...other, [apart]: 0 });

  /** @param {keyof typeof ICONS} name */
  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 12 12");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  /** @param {Tone} tone */
  function badge(tone) {
    const mark = make("span", "mark", icon(tone));
    mark.dataset.tone = tone;
    return mark;
  }

  /** @param {string} words */
  function closer(words) {
    const button = make("button", "close", icon("close"));
    button.setAttribute("aria-label", words);
    return button;
  }

  // --- the host -----------------------------------------------------------------------------------------------

  /** @param {HTMLElement} host */
  function dress(host) {
    for (const { name } of Array.from(host.attributes)) if (name !== "popover") host.removeAttribute(name);
    host.popover = "manual";
    const style = {
      all: "initial", display: "block", position: "absolute", top: "0", left: "0", width: "0", height: "0",
      overflow: "visible", visibility: "visible", opacity: "1", "pointer-events": "auto", "z-index": "2147483647",
    };
    for (const [name, value] of Object.entries(style)) host.style.setProperty(name, value, "important");
    dressed = host.style.cssText;
  }

  function build() {
    if (latchkey.host?.isConnected && stage) return stage;
    takeAway();
    sweep();
    const host = document.createElement("div");
    dress(host);
    root = host.attachShadow({ mode: "closed" });
    stage = make("div", "stage");
    const style = make("style", "latchkey");
    style.textContent = STYLE;
    root.append(style, stage);
    latchkey.host = host;
    latchkey.route = route;
    raise(host);
    listening = new AbortController();
    const options = { signal: listening.signal, capture: true, passive: true };
    for (const type of ["scroll", "resize", "load"]) window.addEventListener(type, place, options);
    window.addEventListener("keydown", (event) => event.key === "Escape" && event.isTrusted && shut(), options);
    window.addEventListener("pointerdown", (event) => event.isTrusted && shut(), options);
    return stage;
  }

  /** @param {HTMLElement} host */
  function raise(host) {
    document.documentElement.append(host);
    host.showPopover?.();
    kept.observe(document.documentElement, { childList: true });
    kept.observe(host, { attributes: true });
    kept.takeRecords();
  }

  /** What a copy of these scripts left behind that has since been replaced: only an extension can look inside. */
  function sweep() {
    const api = globalThis.browser ?? globalThis.chrome;
    for (const child of Array.from(document.documentElement.children)) {
      if (!(child instanceof HTMLElement) || child.popover !== "manual") continue;
      const inside = child.openOrClosedShadowRoot ?? api?.dom?.openOrClosedShadowRoot(child);
      if (inside?.firstElementChild?.className === "latchkey") child.remove();
    }
  }

  /** Puts the host back where a page removed, hid or changed it; not for ever. */
  function restore() {
    const host = latchkey.host;
    if (!host) return;
    if (host.isConnected && host.matches(":popover-open") && !host.inert && !host.hidden && host.style.cssText === dressed) return;
    const now = Date.now();
    restored = restored.filter((moment) => now - moment < 60_000);
    if (restored.push(now) > RESTORES_A_MINUTE || latchkey.isAlive?.() === false) return takeAway();
    kept.disconnect();
    dress(host);
    raise(host);
    latchkey.hold?.();
    place();
  }

  // --- what is shown ------------------------------------------------------------------------------------------

  /**
   * The stage, in the language and colours of what is to be shown on it.
   * @param {Painting} painting
   */
  function prepare(painting) {
    const stage = build();
    stage.className = `stage ${isDark(painting.theme) ? "dark" : "light"}`;
    stage.dir = painting.dir;
    stage.lang = painting.lang;
    return stage;
  }

  /**
   * @param {Painting} painting
   * @param {Element[]} elements
   */
  function paint(painting, elements) {
    if (painting.chips.length === 0 && !painting.banner) return clear();
    const stage = prepare(painting);
    /** @type {Map<Element, Mark>} */
    const next = new Map();
    resized.disconnect();
    resized.observe(document.documentElement);
    for (const chip of painting.chips) {
      const row = elements[chip.node];
      if (!row?.isConnected || next.has(row)) continue;
      const old = marks.get(row);
      next.set(row, old && same(old.chip, chip, "node") ? { ...old, chip } : markOf(chip, row));
      resized.observe(row);
    }
    const buttons = Array.from(next.values(), ({ button }) => button);
    for (const { button } of marks.values()) if (!buttons.includes(button)) button.remove();
    for (const button of buttons) if (!button.isConnected) stage.append(button);
    for (const mark of next.values()) {
      mark.width = mark.width || mark.button.offsetWidth;
      mark.spot = undefined;
    }
    marks = next;
    if (open && !buttons.includes(open.mark.button)) shut();
    paintBanner(painting, elements, stage);
    painted = painting;
    place();
  }

  /**
   * @param {Painting} painting
   * @param {Element[]} elements
   * @param {HTMLElement} stage
   */
  function paintBanner({ banner: words, words: { close } }, elements, stage) {
    first = words?.first === null ? undefined : elements[words?.first ?? -1];
    if (banner && words && same(words, painted?.banner, "first")) return;
    banner?.remove();
    banner = null;
    if (!words || dismissed === location.pathname) return;
    const text = make("div", "words", make("div", "name", words.text));
    if (words.detail) text.append(make("div", "detail", words.detail));
    banner = make("div", "banner", badge(words.tone), text);
    if (words.action && words.first !== null) banner.append(make("button", "go", words.action));
    banner.append(closer(close));
    banner.setAttribute("role", "status");
    stage.append(banner);
  }

  /**
   * @param {Chip} chip
   * @param {Element} row
   * @returns {Mark}
   */
  function markOf(chip, row) {
    const button = make("button", "chip away", icon(chip.tone), make("span", "", chip.label));
    button.dataset.tone = chip.tone;
    button.setAttribute("aria-label", [chip.label, chip.title].filter(Boolean).join(": "));
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    /** @type {Element[]} */
    const clips = [];
    for (let above = parentOf(row); above && above !== document.body && above !== document.documentElement; above = parentOf(above)) {
      if (getComputedStyle(above).overflowX !== "visible") clips.push(above);
    }
    return { chip, row, button, width: 0, clips, rtl: getComputedStyle(row).direction === "rtl", spot: undefined };
  }

  /**
   * Whether the page is dark: its own ground tells, or else the person's wish.
   * @param {Painting["theme"]} theme
   */
  function isDark(theme) {
    if (theme) return theme === "dark";
    for (const element of [document.body, document.documentElement]) {
      const ground = element ? getComputedStyle(element).backgroundColor.match(/^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/) : null;
      if (ground && Number(ground[4] ?? 1) > 0.5) {
        return 0.2126 * Number(ground[1]) + 0.7152 * Number(ground[2]) + 0.0722 * Number(ground[3]) < 110;
      }
    }
    return getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches;
  }

  // --- where it is shown --------------------------------------------------------------------------------------

  function place() {
    if (stage && !frame) frame = requestAnimationFrame(arrange);
  }

  function arrange() {
    frame = 0;
    if (!stage) return;
    const modal = document.querySelector("dialog:modal, [aria-modal=true]");
    // What counts down or covers is seen over a dialog of the page's, too.
    const urgent = stage.querySelector("dialog, .count");
    stage.hidden = !urgent && Boolean(modal?.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
    if (stage.hidden) return shut();
    const page = { x: window.scrollX, y: window.scrollY };
    const view = { left: 0, top: 0, right: document.documentElement.clientWidth, bottom: window.innerHeight };
    /** @type {{mark: Mark, spot: Spot, x: number, y: number, away: boolean}[]} */
    const moves = [];
    for (const mark of marks.values()) {
      const box = mark.row.isConnected ? boxOf(mark.row) : null;
      if (!box || box.bottom <= box.top) {
        mark.button.classList.add("away");
        continue;
      }
      // The row must show beside the chip: neither scrolled out of its list nor under the page's own header.
      const start = Math.min(Math.max(mark.rtl ? box.right - 3 : box.left + 3, 1), view.right - 1);
      const shows = (/** @type {number} */ line) => {
        const level = Math.min(Math.max(line, box.top + 1), box.bottom - 1);
        const hit = under(start, level);
        return hit !== null && areKin(hit, mark.row) && mark.clips.every((clip) => {
          const edge = clip.getBoundingClientRect();
          return level >= edge.top && level <= edge.bottom;
        });
      };
      const near = box.bottom > view.top && box.top < view.bottom;
      if (near && mark.spot === undefined && shows(box.top) && shows(box.top + SHOULDER)) mark.spot = spotFor(mark, box, view);
      const spot = mark.spot ?? { compact: true, edge: true, x: 8, y: -LOW / 2 };
      const height = spot.edge ? LOW : HEIGHT;
      const width = spot.compact ? height : mark.width;
      const y = box.top + spot.y;
      const away = !near || !mark.spot || !shows(y + 1) || !shows(y + height - 1);
      moves.push({ mark, spot, x: mark.rtl ? box.right - spot.x - width : box.left + spot.x, y, away });
    }
    for (const { mark: { button }, spot, x, y, away } of moves) {
      button.classList.toggle("away", away);
      button.classList.toggle("compact", spot.compact);
      button.classList.toggle("edge", spot.edge);
      button.style.translate = `${Math.round(x + page.x)}px ${Math.round(y + page.y)}px`;
    }
    if (open && open.mark.button.classList.contains("away")) shut();
    if (open) placeCard(open, view, page);
    if (pointed) {
      const box = boxOf(pointed.element);
      pointed.ring.style.translate = `${box.left + page.x - 4}px ${box.top + page.y - 4}px`;
      pointed.ring.style.width = `${box.right - box.left + 8}px`;
      pointed.ring.style.height = `${box.bottom - box.top + 8}px`;
    }
  }

  // --- what a person does -------------------------------------------------------------------------------------

  /**
   * @param {{card: HTMLElement, mark: Mark}} open
   * @param {Box} view
   * @param {{x: number, y: number}} page
   */
  function placeCard({ card, mark }, view, page) {
    const at = mark.button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = card;
    const left = stage?.dir === "rtl" ? at.right - width : at.left;
    const below = at.bottom + GAP;
    const top = below + height < view.bottom - 8 || at.top < height + GAP + 8 ? below : at.top - GAP - height;
    const x = Math.max(8, Math.min(left, view.right - width - 8));
    const y = Math.max(8, Math.min(top, view.bottom - height - 8));
    card.style.translate = `${Math.round(x + page.x)}px ${Math.round(y + page.y)}px`;
  }

  /** @param {Mark} mark */
  function unfold(mark) {
    shut();
    if (!stage || !painted) return;
    const { tone, title, label, reasons } = mark.chip;
    const name = make("div", "name", label);
    name.id = "name";
    const words = make("div", "words", name);
    if (title) words.append(make("div", "detail", title));
    const card = make("div", "card", make("div", "head", badge(tone), words, closer(painted.words.close)));
    if (reasons.length > 0) {
      card.append(make("div", "why", painted.words.why), make("ul", "", ...reasons.map((reason) => make("li", "", reason))));
    }
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-labelledby", "name");
    card.tabIndex = -1;
    stage.append(card);
    open = { card, mark };
    mark.button.setAttribute("aria-expanded", "true");
    arrange();
    card.focus({ preventScroll: true });
  }

  function shut() {
    if (!open) return;
    const { card, mark } = open;
    open = null;
    const back = card.contains(root?.activeElement ?? null);
    card.remove();
    mark.button.setAttribute("aria-expanded", "false");
    if (back) mark.button.focus({ preventScroll: true });
  }

  /** @param {Element | undefined} element */
  function show(element) {
    if (!element?.isConnected) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block: "center", inline: "nearest", behavior: still ? "auto" : "smooth" });
    pointed?.ring.remove();
    const ring = make("div", "ring");
    // Not composed, so it never comes by the window.
    ring.addEventListener("animationend", () => {
      ring.remove();
      if (pointed?.ring === ring) pointed = null;
    });
    build().append(ring);
    pointed = { ring, element };
    place();
  }

  /**
   * All that a person does inside the overlay comes here, from guard.js.
   * @param {Event} event
   */
  function route(event) {
    if (event.type === "toggle") return restore();
    if (event.type !== "click" && latchkey.attend?.(event, null)) return;
    if (event instanceof KeyboardEvent && event.type === "keydown" && event.key === "Escape") return shut();
    if (event.type !== "click" || !(event instanceof MouseEvent)) return;
    // A key presses the button that has the focus; a pointer, what it points at.
    const target = event.detail === 0 ? root?.activeElement : root?.elementFromPoint(event.clientX, event.clientY);
    const button = target?.closest("button");
    if (latchkey.attend?.(event, button) || !button) return;
    const mark = Array.from(marks.values()).find((mark) => mark.button === button);
    if (mark) return open?.mark.button === button ? shut() : unfold(mark);
    if (open?.card.contains(button)) return shut();
    if (button.className === "go") return show(first);
    dismissed = location.pathname;
    banner?.remove();
    banner = null;
  }

  /** Shows nothing of the page's rows any more; what the watch shows stays. */
  function clear() {
    shut();
    for (const { button } of marks.values()) button.remove();
    for (const shown of [banner, pointed?.ring]) shown?.remove();
    marks = new Map();
    pointed = banner = painted = null;
    if (!latchkey.hold?.()) takeAway();
  }

  function takeAway() {
    kept.disconnect();
    resized.disconnect();
    listening?.abort();
    cancelAnimationFrame(frame);
    frame = 0;
    marks = new Map();
    open = pointed = banner = painted = root = stage = null;
    latchkey.host?.remove();
    latchkey.host = latchkey.route = null;
  }

  Object.assign(latchkey, { paint, place, show, clear, prepare, make, closer });
})();
