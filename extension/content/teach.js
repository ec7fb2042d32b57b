/**
 * Lets the person point: at one row, then at its parts. Run in a tab only when they ask for it in the popup.
 *
 * A clear cover lies over the page, so that nothing of the page is pressed meanwhile; what lies under the pointer, or
 * where the arrow keys have led, is outlined. Nothing is decided here: what was pointed at goes to the background,
 * which says what it understood of it.
 */
(() => {
  const latchkey = (globalThis.latchkey ??= {});
  const api = globalThis.browser ?? globalThis.chrome;
  if (latchkey.lesson || !api || !latchkey.capture) return;
  const capture = latchkey.capture;

  const STYLE = `
    .stage { --panel: #fff; --ink: #1c2126; --soft: #4b545d; --line: #d5dade; --ring: #0b62d6; --act: #0b62d6; --on: #fff;
      color: var(--ink); font: 400 14px/1.45 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-align: start; color-scheme: light; }
    @media (prefers-color-scheme: dark) { .stage { --panel: #1f2429; --ink: #eceff1; --soft: #b1bac2; --line: #3d454c; --act: #8ab8ff; --on: #10151a; color-scheme: dark; } }
    * { box-sizing: border-box; } [hidden] { display: none !important; }
    .cover { position: fixed; inset: 0; cursor: crosshair; }
    .ring { position: fixed; top: 0; left: 0; pointer-events: none; border: 3px solid var(--ring); border-radius: 6px; background: rgb(11 98 214 / .12); box-shadow: 0 0 0 2px #fff; }
    .ring.row { border-style: dashed; background: none; }
    .panel { position: fixed; inset: auto 0 16px; margin: auto; width: min(560px, calc(100vw - 24px)); max-height: calc(100vh - 32px); overflow: auto;
      padding: 14px 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--panel); box-shadow: 0 10px 34px rgb(16 24 32 / .35); overflow-wrap: anywhere; }
    .panel.top { inset: 16px 0 auto; }
    .panel.wide { width: min(920px, calc(100vw - 24px)); }
    h2 { margin: 0 0 4px; font-size: 16px; } p { margin: 4px 0; } .soft { color: var(--soft); font-size: 13px; }
    .at { min-height: 1.45em; font-weight: 600; unicode-bidi: plaintext; text-align: match-parent; }
    .said { color: var(--ink); font-weight: 600; } .said:empty { display: none; } .said::before { content: "! "; }
    .keys { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
    button { font: inherit; padding: 6px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); color: var(--ink); cursor: pointer; }
    button.first { background: var(--act); border-color: var(--act); color: var(--on); font-weight: 600; }
    button:focus-visible, input:focus-visible, .box:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
    .box { overflow: auto; max-height: 40vh; margin: 8px 0; } table { border-collapse: collapse; width: 100%; font-size: 13px; }
    th, td { padding: 5px 8px; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; } td { unicode-bidi: plaintext; }
    fieldset { border: 0; margin: 8px 0 0; padding: 0; } legend { padding: 0; font-weight: 600; } label { display: block; margin: 3px 0; }`;

  const PARTS = /** @type {const} */ (["address", "device", "time", "place", "control"]);
  const STEPS = /** @type {const} */ (["row", ...PARTS, "confirm"]);
  const SHADOW = "#shadow";

  /**
   * @typedef {(typeof STEPS)[number]} Step
   * @typedef {{json: string, elements: Element[], parent: number[], tag: string[], texts: number[], numbers: Map<Element, number>}} Model
   *   the page as it was captured; `texts` are the numbers of texts below each node
   * @typedef {{element: Element, path: number[]}} Choice what was chosen, and its way from the root where a page has
   *   since drawn itself anew
   */

  /** @param {string} key */
  const say = (key) => api.i18n?.getMessage(`teach_${key}`) || key;

  /** @type {Model} */
  let model = look();
  let step = 0;
  /** The node that is outlined. */
  let at = -1;
  /** Whether it stays so when the pointer moves. */
  let held = false;
  /** @type {Map<Step, Choice>} */
  const chosen = new Map();
  let busy = false;
  let frame = 0;
  const ending = new AbortController();

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "closed" });
  const cover = make("div", "cover");
  const ring = make("div", "ring");
  const rowRing = make("div", "ring row");
  const panel = make("div", "panel");
  const stage = make("div", "stage", cover, rowRing, ring, panel);
  const style = make("style", "latchkey-lesson");
  style.textContent = STYLE;
  root.append(style, stage);

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {string} className
   * @param {(Node | string)[]} content
   */
  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  }

  // --- the page -----------------------------------------------------------------------------------------------

  /** @returns {Model} */
  function look() {
    const { json, elements } = capture(document);
    const { parent, tag, tags, text } = JSON.parse(json);
    const names = tag.map((/** @type {number} */ number) => tags[number]);
    const texts = text.map((/** @type {string} */ words) => (words === "" ? 0 : 1));
    const numbers = new Map();
    for (let node = parent.length - 1; node >= 0; node--) {
      if (parent[node] >= 0) texts[parent[node]] += texts[node];
      if (names[node] !== "#text" && names[node] !== SHADOW) numbers.set(elements[node], node);
    }
    return { json, elements, parent, tag: names, texts, numbers };
  }

  /** Looks again; what was outlined and chosen is found where it was, or at the place where it was. */
  function refresh() {
    const before = at < 0 ? null : { element: model.elements[at], path: pathOf(at) };
    model = look();
    at = before ? find(before) : -1;
  }

  /** @param {number} node */
  function children(node) {
    const found = [];
    for (let child = node + 1; child < model.parent.length && model.parent[child] >= node; child++) {
      if (model.parent[child] === node && model.tag[child] !== "#text") found.push(child);
    }
    return found;
  }

  /** @param {number} node */
  function above(node) {
    let up = model.parent[node] ?? -1;
    while (up >= 0 && model.tag[up] === SHADOW) up = model.parent[up] ?? -1;
    return up;
  }

  /** @param {number} node */
  function pathOf(node) {
    const path = [];
    for (; node > 0; node = model.parent[node] ?? 0) path.unshift(children(model.parent[node] ?? 0).indexOf(node));
    return path;
  }

  /** @param {Choice | undefined} choice */
  function find(choice) {
    if (!choice) return -1;
    const known = model.numbers.get(choice.element);
    if (known !== undefined) return known;
    return choice.path.reduce((node, place) => (node < 0 ? -1 : children(node)[place] ?? -1), 0);
  }

  /**
   * @param {number} node
   * @param {number} holder
   */
  function isWithin(node, holder) {
    for (let up = node; up >= 0; up = model.parent[up] ?? -1) if (up === holder) return true;
    return false;
  }

  /**
   * The row around a node, as far as one can guess: the ancestor with the most neighbours of its kind.
   * @param {number} node
   */
  function rowAround(node) {
    let best = node;
    let most = 0;
    for (let up = node; up > 0 && model.tag[up] !== "body"; up = above(up)) {
      if ((model.texts[up] ?? 0) < 2) continue;
      const alike = children(model.parent[up] ?? 0).filter((it) => model.tag[it] === model.tag[up] && (model.texts[it] ?? 0) > 1);
      if (alike.length > 1 && alike.length >= most) [best, most] = [up, alike.length];
    }
    return best;
  }

  /** Where the arrow keys begin: in the row itself, or at the first row of what has the most. */
  function start() {
    const row = find(chosen.get("row"));
    const before = find(chosen.get(/** @type {Step} */ (STEPS[step])));
    if (before >= 0) return before;
    if (row >= 0) return children(row)[0] ?? row;
    /** @type {Map<string, number[]>} */
    const groups = new Map();
    model.tag.forEach((tag, node) => {
      if (node === 0 || (model.texts[node] ?? 0) < 2) return;
      const key = `${model.parent[node]} ${tag}`;
      const group = groups.get(key);
      if (group) group.push(node);
      else groups.set(key, [node]);
    });
    const most = [...groups.values()].reduce((best, group) => (group.length > best.length ? group : best), []);
    return most[0] ?? 0;
  }

  // --- what is shown ------------------------------------------------------------------------------------------

  function dress() {
    const wanted = {
      all: "initial", display: "block", position: "fixed", inset: "0", width: "100vw", height: "100vh", overflow: "visible", background: "none",
      border: "0", padding: "0", margin: "0", visibility: "visible", opacity: "1", "pointer-events": "auto", "z-index": "2147483647",
    };
    host.popover = "manual";
    for (const [name, value] of Object.entries(wanted)) host.style.setProperty(name, value, "important");
    stage.dir = api?.i18n?.getMessage("direction") || "ltr";
    stage.lang = api?.i18n?.getMessage("language") || "en";
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-labelledby", "title");
    document.documentElement.append(host);
    host.showPopover?.();
  }

  /** @param {[string, () => void][]} buttons the first is the one that has the focus */
  function keys(...buttons) {
    const row = make("div", "keys");
    for (const [key, act] of buttons) {
      const button = make("button", row.childElementCount === 0 ? "first" : "", say(key));
      button.type = "button";
      actions.set(button, act);
      row.append(button);
    }
    return row;
  }
  /** @type {WeakMap<Element, () => void>} */
  const actions = new WeakMap();

  /** @param {string} [trouble] */
  function ask(trouble = "") {
    refresh();
    held = chosen.has(/** @type {Step} */ (STEPS[step]));
    at = start();
    const name = STEPS[step];
    const said = make("p", "said", trouble);
    said.setAttribute("role", "alert");
    const words = make("p", "at");
    words.setAttribute("role", "status");
    const buttons = keys(
      ["choose", () => void choose()],
      ...(step === 0 ? [] : /** @type {[string, () => void][]} */ ([["skip", skip], ["back", back]])),
      ["wider", () => move("ArrowUp")],
      ["narrower", () => move("ArrowDown")],
      ["cancel", end],
    );
    show(false, make("p", "", say(`step_${name}`)), make("p", "soft", say("keys")), words, said, buttons);
    outline();
  }

  /**
   * @param {boolean} wide
   * @param {HTMLElement[]} content
   */
  function show(wide, ...content) {
    const title = make("h2", "", say("title"));
    title.id = "title";
    panel.replaceChildren(title, ...content);
    panel.classList.toggle("wide", wide);
    /** @type {HTMLElement | null} */ (panel.querySelector("button.first"))?.focus({ preventScroll: true });
  }

  /** Puts the outlines where the elements are, and the panel where it hides neither. */
  function outline() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const row = find(chosen.get("row"));
      const asks = STEPS[step] !== "confirm";
      put(rowRing, row);
      const box = put(ring, asks ? at : -1);
      const words = panel.querySelector(".at");
      const element = model.elements[at];
      const text = element instanceof HTMLElement ? element.innerText : element?.textContent ?? "";
      const said = (text.trim() || element?.getAttribute("aria-label") || element?.getAttribute("title") || `<${model.tag[at]}>`).replace(/\s+/g, " ").slice(0, 120);
      if (words && words.textContent !== said) words.textContent = said;
      if (!box) return;
      const own = panel.getBoundingClientRect();
      if (box.top < own.bottom && box.bottom > own.top) panel.classList.toggle("top", (box.top + box.bottom) / 2 > innerHeight / 2);
    });
  }

  /**
   * @param {HTMLElement} ring
   * @param {number} node
   */
  function put(ring, node) {
    const element = model.elements[node];
    ring.hidden = !element?.isConnected;
    if (!element || ring.hidden) return null;
    const box = element.getBoundingClientRect();
    ring.style.translate = `${box.left - 3}px ${box.top - 3}px`;
    ring.style.width = `${box.width + 6}px`;
    ring.style.height = `${box.height + 6}px`;
    return box;
  }

  // --- what the person does -----------------------------------------------------------------------------------

  /** @param {string} key */
  function move(key) {
    refresh();
    const row = find(chosen.get("row"));
    const beside = children(model.parent[at] ?? 0);
    const place = beside.indexOf(at);
    const next = key === "ArrowUp" ? above(at) : key === "ArrowDown" ? children(at)[0]
      : beside[place + ((key === "ArrowRight") === (stage.dir !== "rtl") ? 1 : -1)];
    if (next === undefined || next < 0 || model.tag[next] === SHADOW) return key === "ArrowDown" && next !== undefined ? void (at = children(next)[0] ?? at, outline()) : undefined;
    if (step > 0 && !isWithin(next, row)) return;
    at = next;
    held = true;
    model.elements[at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    outline();
  }

  /**
   * What lies under a point: of a row's parts the part itself, else the row.
   * @param {number} x
   * @param {number} y
   */
  function hit(x, y) {
    host.style.setProperty("pointer-events", "none", "important");
    cover.style.pointerEvents = "none";
    let element = document.elementFromPoint(x, y);
    for (let inner = element; inner; inner = inner.shadowRoot?.elementFromPoint(x, y) ?? null) {
      if (inner === element && !inner.shadowRoot) break;
      if (inner === element) continue;
      element = inner;
    }
    host.style.setProperty("pointer-events", "auto", "important");
    cover.style.pointerEvents = "";
    if (element && !model.numbers.has(element)) refresh();
    while (element && !model.numbers.has(element)) {
      element = element.parentElement ?? (element.getRootNode() instanceof ShadowRoot ? /** @type {ShadowRoot} */ (element.getRootNode()).host : null);
    }
    const node = element ? model.numbers.get(element) ?? -1 : -1;
    if (node < 0) return -1;
    if (step === 0) return rowAround(node);
    return isWithin(node, find(chosen.get("row"))) ? node : -1;
  }

  function skip() {
    chosen.delete(/** @type {Step} */ (STEPS[step]));
    forward();
  }

  function back() {
    step = Math.max(0, step - 1);
    ask();
  }

  function forward() {
    step++;
    if (STEPS[step] === "confirm") void confirm();
    else ask();
  }

  /**
   * @param {boolean} save
   * @returns {Promise<Understood | null>}
   */
  async function tell(save) {
    refresh();
    const parts = PARTS.filter((part) => chosen.has(part)).map((part) => ({ part, node: find(chosen.get(part)) }));
    const row = find(chosen.get("row"));
    if (row < 0 || parts.some(({ node }) => node < 0)) return null;
    const list = panel.querySelector("input[value=logins]:checked") ? "logins" : "sessions";
    const pointing = [list, row, ...parts.flatMap(({ part, node }) => [part, node])].join(" ");
    const answer = await api?.runtime.sendMessage({ lesson: { capture: model.json, pointing, save } }).catch(() => undefined);
    return answer?.kind === "lesson" ? answer : null;
  }

  async function choose() {
    const element = model.elements[at];
    if (busy || !element) return;
    const name = /** @type {Step} */ (STEPS[step]);
    busy = true;
    if (step === 0) chosen.clear();
    chosen.set(name, { element, path: pathOf(at) });
    const answer = await tell(false);
    busy = false;
    if (ending.signal.aborted) return;
    // That too little is understood so far is told in the end.
    const why = answer?.refused.find(([part]) => part === (step === 0 ? "" : name))?.[1];
    const trouble = answer ? why : say("failed");
    if (!trouble) return forward();
    ask(trouble);
    chosen.delete(name);
    held = false;
  }

  async function confirm() {
    busy = true;
    const answer = await tell(false);
    busy = false;
    if (ending.signal.aborted) return;
    outline();
    const rows = answer?.rows ?? [];
    if (!answer || rows.length === 0) {
      const why = answer?.refused.find(([part]) => part === "")?.[1] ?? say(answer ? "too_little" : "failed");
      const said = make("p", "said", why);
      said.setAttribute("role", "alert");
      return show(false, said, keys(["back", back], ["cancel", end]));
    }
    const shown = PARTS.filter((part) => chosen.has(part));
    const time = new Intl.DateTimeFormat(stage.lang, { dateStyle: "medium", timeStyle: "short" });
    const words = (/** @type {string[]} */ row, /** @type {(typeof PARTS)[number]} */ part) => {
      const text = row[PARTS.indexOf(part)];
      return text ? (part === "time" ? time.format(Number(text)) : text) : "—";
    };
    const head = make("tr", "", ...shown.map((part) => make("th", "", say(part))));
    for (const cell of head.children) cell.setAttribute("scope", "col");
    const table = make("table", "", make("thead", "", head),
      make("tbody", "", ...rows.map((row) => make("tr", "", ...shown.map((part) => make("td", "", words(row, part)))))));
    const box = make("div", "box", table);
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", say("confirm"));
    const choice = (/** @type {string} */ value) => {
      const input = make("input", "");
      Object.assign(input, { type: "radio", name: "list", value, checked: value === "sessions" });
      return make("label", "", input, " ", say(value));
    };
    const what = make("fieldset", "", make("legend", "", say("list")), choice("sessions"), choice("logins"));
    const said = make("p", "said");
    said.setAttribute("role", "alert");
    show(true, make("p", "", say("confirm")), box, what, said, keys(["save", () => void save(said)], ["back", back], ["cancel", end]));
  }

  /** @param {HTMLElement} said */
  async function save(said) {
    if (busy) return;
    busy = true;
    const answer = await tell(true);
    busy = false;
    if (answer?.saved) return end();
    said.textContent = answer?.refused.find(([part]) => part === "")?.[1] ?? say("failed");
  }

  /**
   * All that a person does over the page comes here, from guard.js.
   * @param {Event} event
   */
  function route(event) {
    if (event instanceof KeyboardEvent) {
      if (event.type !== "keydown") return;
      if (event.key === "Escape") return end();
      const radio = root.activeElement instanceof HTMLInputElement;
      if (event.key.startsWith("Arrow") && STEPS[step] !== "confirm" && !radio) {
        event.preventDefault();
        move(event.key);
      }
      return;
    }
    if (!(event instanceof MouseEvent)) return;
    const over = event.type === "click" && event.detail === 0 ? root.activeElement : root.elementFromPoint(event.clientX, event.clientY);
    const asks = STEPS[step] !== "confirm" && !busy;
    if (event.type === "pointermove" && over === cover && asks && !held) {
      const node = hit(event.clientX, event.clientY);
      if (node < 0 || node === at) return;
      at = node;
      return outline();
    }
    if (event.type !== "click") return;
    const button = over?.closest("button");
    if (button) return actions.get(button)?.();
    if (over !== cover || !asks) return;
    const node = hit(event.clientX, event.clientY);
    if (node < 0) return;
    at = node;
    outline();
    // A finger shows nothing before it presses: it points first, and the button chooses.
    if (/** @type {PointerEvent} */ (event).pointerType === "touch") held = true;
    else void choose();
  }

  /**
   * The page may take the focus away; what the person types is meant for the lesson still.
   * @param {Event} event
   */
  function keep(event) {
    if (event.target === host || !event.isTrusted) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    /** @type {HTMLElement | null} */ (panel.querySelector("button.first"))?.focus({ preventScroll: true });
    if (event instanceof KeyboardEvent) route(event);
  }

  function end() {
    if (ending.signal.aborted) return;
    ending.abort();
    cancelAnimationFrame(frame);
    host.remove();
    latchkey.lesson = null;
  }

  latchkey.lesson = { host, route };
  latchkey.clear?.();
  dress();
  for (const type of ["keydown", "keypress", "keyup", "click", "pointerdown", "mousedown", "touchstart"]) {
    window.addEventListener(type, keep, { capture: true, signal: ending.signal });
  }
  for (const type of ["scroll", "resize"]) window.addEventListener(type, outline, { capture: true, passive: true, signal: ending.signal });
  ask();
})();
