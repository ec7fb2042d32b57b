/**
 * From the live document to the columns of `latchkey::page::Capture`: what a person can see, and nothing else.
 *
 * Left out, each with all that is in it: what has no box or is transparent (`display`, `visibility`, `opacity`,
 * `hidden`, closed dialogs, popovers and details), what is clipped to nothing, `aria-hidden="true"`, and what was
 * never for reading (scripts, styles, templates, the options of a select). Of fields, only what a button says: a
 * person's own input is nobody's business. Reading the document changes nothing in it, and runs none of its code.
 *
 * In Firefox every question to the document passes a wall between the page's objects and an extension's, and asking for
 * each node's next, name and attributes takes longer than all the rest. So the tree is read from its markup (`scan`),
 * beside the list of its elements; the document is asked (`walk`) for what markup does not hold, and where the two do
 * not agree.
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
  const HIDING = new Set(["hidden", "aria-hidden"]);
  // Elements without an end in the markup, and those whose inside stands in it as it is.
  const VOID = new Set([
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta",
    "param", "source", "track", "wbr",
  ]);
  const RAW = new Set(["iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "xmp"]);
  // What can have a shadow root, besides names with a hyphen.
  const HOSTS = new Set([
    "article", "aside", "blockquote", "body", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "nav",
    "p", "section", "span",
  ]);
  const [SPACE, BANG, QUOTE, SLASH, LESS, GREATER, QUESTION] = Array.from(' !"/<>?', (it) => it.charCodeAt(0));
  /** @type {Record<string, string>} */
  const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&nbsp;": "\u00a0" };
  const SEEN = { opacityProperty: true, visibilityProperty: true };
  // Behind that wall a style costs more than several questions of an element; elsewhere sizes are the dearer ones.
  const ASK_SIZES = "wrappedJSObject" in globalThis;
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
   * A text of the markup.
   * @param {string} text
   */
  const plain = (text) => (text.includes("&") ? text.replace(/&(?:amp|lt|gt|quot|nbsp);/g, (entity) => ENTITIES[entity]) : text);

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
   * Whether a person can see an element whose parent they can see.
   * @param {Element} element
   * @param {string} name
   * @param {string[]} said its attributes, each name before its value
   * @param {boolean} isEmpty whether nothing is in it
   * @param {Window} view
   * @param {boolean} sizes whether sizes are asked for before the style
   */
  function isSeen(element, name, said, isEmpty, view, sizes) {
    if (NEVER_READ.has(name)) return false;
    for (let i = 0; i < said.length; i += 2) {
      if (said[i] === "hidden" || (said[i] === "aria-hidden" && said[i + 1].trim().toLowerCase() === "true")) return false;
    }
    if (sizes && element.checkVisibility(SEEN)) {
      if (isEmpty) return true;
      const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (element);
      if (offsetWidth !== 0 && offsetHeight !== 0) return true;
    }
    // What has no box of its own (`contents`) is hidden to `checkVisibility`, and what is empty may overflow.
    const style = view.getComputedStyle(element);
    const { display } = style;
    // Empty where the element has no place in the rendered tree at all.
    if (display === "none" || display === "" || style.visibility !== "visible") return false;
    if (display === "contents") return true; // neither opacity nor size
    if (style.opacity === "0") return false;
    if (display === "inline" || isEmpty || style.overflowX === "visible") return true;
    const { offsetWidth, offsetHeight } = /** @type {HTMLElement} */ (element);
    return offsetWidth !== 0 && offsetHeight !== 0;
  }

  /**
   * @param {Document} document
   * @param {{nodes?: number, markup?: boolean, sizes?: boolean}} [options] a smaller budget than NODE_BUDGET; another
   *   way to the same end
   * @returns {{json: string, elements: Element[], roots: ShadowRoot[]}} the message; the element of each node (a
   *   text's: its parent); the open shadow roots entered
   */
  function capture(document, { nodes: budget = NODE_BUDGET, markup = true, sizes = ASK_SIZES } = {}) {
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
     * @param {string} name
     * @param {string[]} said
     * @param {number} node
     * @param {boolean} isTitled whether a title may be in it, as in drawings
     */
    function addAttributes(element, name, said, node, isTitled) {
      const first = attributes.length;
      let title = false;
      for (let i = 0; i < said.length; i += 2) {
        const place = PLACES.get(said[i]);
        if (place === undefined) continue;
        if (place === VALUE && !(name === "input" && BUTTONS.has(/** @type {HTMLInputElement} */ (element).type))) continue;
        if (place === TIP && said[i] !== TIPS.find((tip) => element.hasAttribute(tip))) continue;
        title ||= place === TITLE;
        attributes.push([node, place, clean(place === HREF ? withoutQuery(said[i + 1]) : said[i + 1])]);
      }
      if (isTitled && !title) {
        const within = firstChild(element, "title");
        if (within) attributes.push([node, TITLE, clean(within.textContent ?? "")]);
      }
      if (attributes.length > first + 1) {
        const sorted = attributes.splice(first).sort(([, one], [, other]) => one - other);
        attributes.push(...sorted);
      }
    }

    /**
     * What an element says of itself that is looked at.
     * @param {Element} element
     */
    function saidBy(element) {
      /** @type {string[]} */
      const said = [];
      for (const name of element.getAttributeNames()) {
        if (PLACES.has(name) || HIDING.has(name)) said.push(name, element.getAttribute(name) ?? "");
      }
      return said;
    }

    /** @typedef {{next: ChildNode | null, node: number, owner: Element, index: number, shows: (child: ChildNode) => boolean}} Level */
    const all = () => true;

    /**
     * Asks the document for all that is in an element.
     * @param {Element} top
     * @param {number} node
     * @param {Window} view
     */
    function walk(top, node, view) {
      /** @type {Level[]} */
      const levels = [];
      /**
       * @param {Element} element
       * @param {string} name
       * @param {number} node
       */
      function enter(element, name, node) {
        if (OPAQUE.has(name)) return;
        if (name === "slot" && /** @type {HTMLSlotElement} */ (element).assignedNodes().length > 0) return;
        /** @type {Level["shows"]} */
        let shows = all;
        const shadow = element.shadowRoot;
        if (shadow) {
          shows = (child) => /** @type {Element | Text} */ (child).assignedSlot !== null;
        } else if (name === "details" && !(/** @type {HTMLDetailsElement} */ (element).open)) {
          const summary = firstChild(element, "summary");
          shows = (child) => child === summary;
        }
        levels.push({ next: element.firstChild, node, owner: element, index: 0, shows });
        if (shadow && parents.length < budget) {
          roots.push(shadow);
          levels.push({ next: shadow.firstChild, node: add(node, "#shadow", 0, "", element), owner: element, index: 0, shows: all });
        }
      }

      enter(top, top.localName, node);
      for (let level = levels.at(-1); level; level = levels.at(-1)) {
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
            return;
          }
          add(level.node, "#text", 0, words, level.owner);
        } else if (child.nodeType === Node.ELEMENT_NODE) {
          const element = /** @type {Element} */ (child);
          if (element === latchkey.host || element === latchkey.lesson?.host) continue;
          const place = level.index++;
          const name = element.localName;
          const said = saidBy(element);
          if (!level.shows(element) || !isSeen(element, name, said, !element.firstChild, view, sizes)) continue;
          if (parents.length >= budget) {
            cutOff = true;
            return;
          }
          const node = add(level.node, name, place, "", element);
          addAttributes(element, name, said, node, name === "svg");
          enter(element, name, node);
        }
      }
    }

    /** @typedef {{node: number, owner: Element, index: number, only: string | null}} Open `only`: the one child that is shown */

    /**
     * Reads all that is in an element from its markup.
     * @param {Element} top
     * @param {number} node
     * @param {Window} view
     * @returns {boolean} whether the markup was understood, and has as many elements as the document; if not, what was
     *   taken of it is worth nothing
     */
    function scan(top, node, view) {
      const within = top.getElementsByTagName("*");
      if (within.length > 2 * NODE_BUDGET) return false; // the document is asked for no more than the budget
      const list = Array.from(within);
      const html = top.innerHTML;
      /** @type {Open[]} */
      const open = [{ node, owner: top, index: 0, only: null }];
      let count = 0;
      let words = "";
      // From which depth on nothing is seen, and nothing is in the list (the inside of a template); 0: nowhere.
      let hidden = 0;
      let apart = 0;
      for (let at = 0; at < html.length || words !== ""; ) {
        const mark = html.indexOf("<", at);
        if (hidden === 0 && mark !== at) words += html.slice(at, mark < 0 ? html.length : mark);
        const kind = mark < 0 ? SLASH : html.charCodeAt(mark + 1);
        if (kind === BANG || kind === QUESTION) {
          at = kind === BANG ? html.indexOf("-->", mark) + 3 : html.indexOf(">", mark) + 1;
          if (at <= mark) return false;
          continue;
        }
        const level = open[open.length - 1];
        if (words !== "") {
          const text = level.only === null ? clean(plain(words)) : "";
          words = "";
          if (text !== "" && parents.length >= budget) {
            cutOff = true;
            hidden = 1; // goes on, to compare the counts
          } else if (text !== "") {
            add(level.node, "#text", 0, text, level.owner);
          }
        }
        if (kind === SLASH) {
          at = mark < 0 ? html.length : html.indexOf(">", mark) + 1;
          if (mark < 0) continue;
          open.pop();
          if (at === 0 || open.length === 0) return false;
          if (open.length < hidden) hidden = 0;
          if (open.length < apart) apart = 0;
          continue;
        }

        let end = mark + 1;
        for (let code = kind; code !== SPACE && code !== GREATER; code = html.charCodeAt(++end)) {
          if (end >= html.length) return false;
        }
        const name = html.slice(mark + 1, end);
        /** @type {string[]} */
        const said = [];
        while (html.charCodeAt(end) === SPACE) {
          const equals = html.indexOf("=", end);
          const close = html.indexOf('"', equals + 2);
          if (equals < 0 || close < 0 || html.charCodeAt(equals + 1) !== QUOTE) return false;
          const attribute = html.slice(end + 1, equals);
          if (PLACES.has(attribute) || HIDING.has(attribute)) said.push(attribute, plain(html.slice(equals + 2, close)));
          end = close + 1;
        }
        if (html.charCodeAt(end) !== GREATER) return false;
        at = end + 1;

        let owner = level.owner;
        let node = -1;
        let goesIn = false;
        /** @type {string | null} */
        let only = null;
        if (apart === 0) {
          owner = list[count++];
          if (!owner) return false;
        }
        if (hidden === 0 && owner !== latchkey.host && owner !== latchkey.lesson?.host) {
          const place = level.index++;
          const isShown = level.only === null || level.only === name;
          if (level.only === name) level.only = ""; // the first one only
          const isEmpty = VOID.has(name) || (html.charCodeAt(at) === LESS && html.charCodeAt(at + 1) === SLASH);
          if (isShown && isSeen(owner, name, said, isEmpty, view, sizes)) {
            if (name === "xmp" || name === "plaintext") return false;
            if (parents.length >= budget) {
              cutOff = true;
              hidden = 1;
            } else {
              node = add(level.node, name.includes(":") ? owner.localName : name, place, "", owner);
              const isTitled = name === "svg" && html.slice(at, html.indexOf("</svg", at)).includes("<title");
              addAttributes(owner, name, said, node, isTitled);
              goesIn = !OPAQUE.has(name);
              if (name === "details" && !(/** @type {HTMLDetailsElement} */ (owner).open)) only = "summary";
              if ((HOSTS.has(name) || name.includes("-")) && owner.shadowRoot) {
                walk(owner, node, view);
                goesIn = false;
                if (cutOff) hidden = 1;
              }
            }
          }
        }
        if (VOID.has(name)) continue;
        if (RAW.has(name)) {
          at = html.indexOf(`</${name}>`, at) + name.length + 3;
          if (at < end) return false;
          continue;
        }
        open.push({ node, owner, index: 0, only });
        if (hidden === 0 && !goesIn) hidden = open.length;
        if (apart === 0 && name === "template") apart = open.length;
      }
      return count === list.length && open.length === 1;
    }

    const root = document.documentElement;
    if (root && view) {
      const name = root.localName;
      const said = saidBy(root);
      const node = add(-1, name, 0, "", root);
      addAttributes(root, name, said, node, false);
      if (isSeen(root, name, said, false, view, sizes)) {
        const own = attributes.length;
        if (!markup || document.contentType !== "text/html" || !scan(root, node, view)) {
          for (const column of [parents, tag, index, text, elements]) column.length = 1;
          attributes.length = own;
          roots.length = 0;
          tags.clear();
          tags.set(name, 0);
          cutOff = false;
          walk(root, node, view);
        }
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
