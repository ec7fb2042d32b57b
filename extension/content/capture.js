/**
 * From the live document to the columns of `latchkey::page::Capture`: what a person can see, and nothing else.
 *
 * Left out, each with all that is in it: what has no box or is transparent (`display`, `visibility`, `opacity`,
 * `hidden`, closed dialogs, popovers and details), what is clipped to nothing, `aria-hidden="true"`, and what was
 * never for reading (scripts, styles, templates, the options of a select). Of fields, only what a button says: a
 * person's own input is nobody's business. Reading the document changes nothing in it, and runs none of its code.
 */
(() => {
  const latchkey = (globalThis.latchkey ??= {});
  if (latchkey.capture) return;

  // The next three are those of src/page.rs; tests/web compares them.
  const NODE_BUDGET = 30_000;
  const TEXT_BUDGET = 2_000;
  const ATTRIBUTES = [
    "role", "title", "alt", "aria-label", "datetime", "type", "disabled", "href", "aria-current", "aria-haspopup",
    "aria-expanded", "value", "data-tip", "lang", "for",
  ];

  const PLACES = new Map(ATTRIBUTES.map((name, place) => [name, place]));
  const [TITLE, HREF, VALUE, TIP] = ["title", "href", "value", "data-tip"].map((name) => ATTRIBUTES.indexOf(name));
  // What tooltip scripts show; the first of these that an element has stands for all.
  const TIPS = ["data-tip", "data-original-title", "data-content", "data-tooltip", "data-title"];
  for (const name of TIPS) PLACES.set(name, TIP);
  const BUTTONS = new Set(["button", "submit", "reset"]);
  const NEVER_READ = new Set([
    "area", "base", "datalist", "head", "iframe", "link", "meta", "noscript", "object", "optgroup", "option", "param",
    "rp", "script", "source", "style", "template", "textarea", "title", "track",
  ]);
  // Elements that are kept for their names, and whose inside is a drawing or a fallback.
  const OPAQUE = new Set(["audio", "canvas", "svg", "video"]);
  // White space as HTML has it. What else is blank (a narrow no-break space within a time) is the text's own.
  const SPACES = /[\t\n\f\r ]+/g;
  const UNEVEN = /[\t\n\f\r]|^ | $|  /;

  /**
   * White space collapsed, cut to the budget (in characters, not in halves of one).
   * @param {string} text
   */
  function clean(text) {
    if (text.length <= TEXT_BUDGET && !UNEVEN.test(text)) return text.toWellFormed();
    const near = text.length > 16 * TEXT_BUDGET ? text.replace(/^[\t\n\f\r ]+/, "").slice(0, 16 * TEXT_BUDGET) : text;
    let flat = near.replace(SPACES, " ");
    if (flat.startsWith(" ")) flat = flat.slice(1);
    if (flat.endsWith(" ")) flat = flat.slice(0, -1);
    if (flat.length > TEXT_BUDGET) flat = Array.from(flat.slice(0, 2 * TEXT_BUDGET)).slice(0, TEXT_BUDGET).join("");
    return flat.toWellFormed(); // half a surrogate pair would make the whole message unreadable
  }

  /**
   * @param {Element} element
   * @param {string} name
   */
  function firstChild(element, name) {
    let child = element.firstElementChild;
    while (child && child.localName !== name) child = child.nextElementSibling;
    return child;
  }

  /** @param {string} url */
  const withoutQuery = (url) => url.split(/[?#]/, 1)[0];

  /**
   * Whether a person can see an element whose parent they can see. One computed style tells most at once; that is
   * faster than `checkVisibility`, which besides takes an element without a box (`contents`) for hidden.
   * @param {Element} element
   * @param {string[]} names its attributes
   * @param {Window} view
   */
  function isSeen(element, names, view) {
    if (NEVER_READ.has(element.localName)) return false;
    for (const name of names) {
      if (name === "hidden" || (name === "aria-hidden" && element.getAttribute(name)?.trim().toLowerCase() === "true")) return false;
    }
    const style = view.getComputedStyle(element);
    const { display } = style;
    // Empty where the element has no place in the rendered tree at all.
    if (display === "none" || display === "" || style.visibility !== "visible") return false;
    if (display === "contents") return true; // no box of its own: neither opacity nor size
    if (style.opacity === "0") return false;
    // Sizes are dear, so they are asked only of boxes that clip: the others show what overflows them.
    if (display === "inline" || !element.firstChild || style.overflowX === "visible") return true;
    const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (element);
    return offsetWidth !== 0 && offsetHeight !== 0;
  }

  /**
   * @param {Document} document
   * @param {{nodes?: number}} [options] a smaller budget than NODE_BUDGET
   * @returns {{json: string, elements: Element[], roots: ShadowRoot[]}} the message; the element of each node (a
   *   text's: its parent); the open shadow roots entered
   */
  function capture(document, { nodes: budget = NODE_BUDGET } = {}) {
    /** @type {Element[]} */
    const elements = [];
    /** @type {ShadowRoot[]} */
    const roots = [];
    /** @type {Map<string, number>} */
    const tags = new Map();
    /** @type {number[]} */
    const parents = [];
    /** @type {number[]} */
    const tag = [];
    /** @type {number[]} */
    const index = [];
    /** @type {string[]} */
    const text = [];
    /** @type {[number, number, string][]} */
    const attributes = [];
    const view = document.defaultView;
    let cutOff = false;

    /**
     * @param {number} parent
     * @param {string} name
     * @param {number} place
     * @param {string} words
     * @param {Element} element
     * @returns {number} the node's number
     */
    function add(parent, name, place, words, element) {
      let number = tags.get(name);
      if (number === undefined) tags.set(name, (number = tags.size));
      tag.push(number);
      index.push(place);
      text.push(words);
      elements.push(element);
      return parents.push(parent) - 1;
    }

    /**
     * @param {Element} element
     * @param {string[]} names
     * @param {number} node
     */
    function addAttributes(element, names, node) {
      const first = attributes.length;
      for (const name of names) {
        const place = PLACES.get(name);
        if (place === undefined) continue;
        if (place === VALUE && !(element.localName === "input" && BUTTONS.has(/** @type {HTMLInputElement} */ (element).type))) continue;
        if (place === TIP && name !== TIPS.find((tip) => element.hasAttribute(tip))) continue;
        const value = element.getAttribute(name) ?? "";
        attributes.push([node, place, clean(place === HREF ? withoutQuery(value) : value)]);
      }
      if (element.localName === "svg" && !element.hasAttribute("title")) {
        const title = firstChild(element, "title");
        if (title) attributes.push([node, TITLE, clean(title.textContent ?? "")]);
      }
      if (attributes.length > first + 1) {
        const sorted = attributes.splice(first).sort(([, one], [, other]) => one - other);
        attributes.push(...sorted);
      }
    }

    /** @typedef {{next: ChildNode | null, node: number, owner: Element, index: number, shows: (child: ChildNode) => boolean}} Level */
    /** @type {Level[]} */
    const levels = [];
    const all = () => true;

    /**
     * @param {Element} element
     * @param {number} node
     */
    function enter(element, node) {
      if (OPAQUE.has(element.localName)) return;
      if (element.localName === "slot" && /** @type {HTMLSlotElement} */ (element).assignedNodes().length > 0) return;
      /** @type {Level["shows"]} */
      let shows = all;
      const shadow = element.shadowRoot;
      if (shadow) {
        shows = (child) => /** @type {Element | Text} */ (child).assignedSlot !== null;
      } else if (element.localName === "details" && !(/** @type {HTMLDetailsElement} */ (element).open)) {
        const summary = firstChild(element, "summary");
        shows = (child) => child === summary;
      }
      levels.push({ next: element.firstChild, node, owner: element, index: 0, shows });
      if (shadow && parents.length < budget) {
        roots.push(shadow);
        levels.push({ next: shadow.firstChild, node: add(node, "#shadow", 0, "", element), owner: element, index: 0, shows: all });
      }
    }

    const root = document.documentElement;
    if (root && view) {
      const names = root.getAttributeNames();
      const node = add(-1, root.localName, 0, "", root);
      addAttributes(root, names, node);
      if (isSeen(root, names, view)) enter(root, node);
    }
    for (let level = levels.at(-1); level && view; level = levels.at(-1)) {
      const child = level.next;
      if (!child) {
        levels.pop();
        continue;
      }
      level.next = child.nextSibling;
      if (child.nodeType === Node.TEXT_NODE) {
        // Scripts cut a sentence into pieces that a person reads as one; comments between them show nothing.
        let words = /** @type {Text} */ (child).data;
        for (; level.next && level.next.nodeType !== Node.ELEMENT_NODE; level.next = level.next.nextSibling) {
          if (level.next.nodeType === Node.TEXT_NODE) words += /** @type {Text} */ (level.next).data;
        }
        words = level.shows(child) ? clean(words) : "";
        if (words === "") continue;
        if (parents.length >= budget) {
          cutOff = true;
          break;
        }
        add(level.node, "#text", 0, words, level.owner);
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        const element = /** @type {Element} */ (child);
        if (element === latchkey.host || element === latchkey.lesson?.host) continue;
        const place = level.index++;
        const names = element.getAttributeNames();
        if (!level.shows(element) || !isSeen(element, names, view)) continue;
        if (parents.length >= budget) {
          cutOff = true;
          break;
        }
        const node = add(level.node, element.localName, place, "", element);
        addAttributes(element, names, node);
        enter(element, node);
      }
    }

    const json = JSON.stringify({
      version: 1,
      url: withoutQuery(document.URL),
      title: clean(document.title),
      lang: clean(root?.getAttribute("lang") ?? ""),
      cut_off: cutOff,
      tags: [...tags.keys()],
      parent: parents,
      tag,
      index,
      text,
      attributes,
    });
    return { json, elements, roots };
  }

  latchkey.capture = capture;
  latchkey.limits = { ATTRIBUTES, NODE_BUDGET, TEXT_BUDGET };
})();
