/**
 * Where in the page there is room for a chip: nothing here draws.
 */
(() => {
  const latchkey = (globalThis.latchkey ??= {});
  if (latchkey.spots) return;

  const CONTROLS = "a, button, input, select, textarea, summary, label, [role=button], [role=link], [role=checkbox], [role=switch], [onclick]";
  const GAP = 6;
  const HEIGHT = 22; // and of a chip on an edge, lest it crowd the words
  const LOW = 18;
  const SHOULDER = 28; // how far down a tall row its chip stands

  /** @param {Node} node */
  const parentOf = (node) => (node.parentNode instanceof ShadowRoot ? node.parentNode.host : node.parentElement);

  /**
   * Whether two elements are one above the other in the tree, shadow roots crossed.
   * @param {Element} one
   * @param {Element} other
   */
  function areKin(one, other) {
    for (const [low, high] of [[one, other], [other, one]]) {
      for (let at = /** @type {Element | null} */ (low); at; at = parentOf(at)) if (at === high) return true;
    }
    return false;
  }

  /**
   * The page's own element at a point, seen through the overlay.
   * @param {number} x
   * @param {number} y
   */
  function under(x, y) {
    const hit = document.elementFromPoint(x, y);
    return hit === latchkey.host ? document.elementsFromPoint(x, y).find((element) => element !== latchkey.host) ?? null : hit;
  }

  /**
   * @param {Element} element
   * @returns {Box}
   */
  function boxOf(element) {
    const box = element.getBoundingClientRect();
    if (box.width || box.height) return box;
    const range = document.createRange(); // an element without a box of its own
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  }

  /**
   * Where a chip stands, from its row's start and top: outside, where the page leaves room; else on the top edge,
   * where it covers no control, and if possible no word. `null`: nowhere.
   * @param {{rtl: boolean, row: Element, width: number}} mark a chip and its row
   * @param {Box} box
   * @param {Box} view
   * @returns {Spot | null}
   */
  function spotFor(mark, box, view) {
    const height = box.bottom - box.top;
    const middle = Math.min(height / 2, SHOULDER) - HEIGHT / 2;
    for (const compact of [false, true]) {
      const width = compact ? HEIGHT : mark.width;
      const [near, far] = mark.rtl ? [box.right + GAP, box.right + GAP + width] : [box.left - GAP, box.left - GAP - width];
      if (Math.min(near, far) < view.left + 2 || Math.max(near, far) > view.right - 2) continue;
      const free = [near, (near + far) / 2, far].every((x) => {
        const hit = under(x, box.top + middle + HEIGHT / 2);
        return hit && hit !== mark.row && areKin(hit, mark.row) && !hit.matches(CONTROLS);
      });
      if (free) return { compact, edge: false, x: -GAP - width, y: middle };
    }
    /** @type {Spot & {cost: number} | null} */
    let best = null;
    for (const compact of [false, true]) {
      const width = compact ? LOW : mark.width;
      const room = box.right - box.left - width - 16;
      for (const share of [0, 0.25, 0.5, 0.75, 1]) {
        const spot = { compact, edge: true, x: 8 + Math.max(0, room) * share, y: -LOW / 2 };
        const left = mark.rtl ? box.right - spot.x - width : box.left + spot.x;
        const cost = costOf({ left, top: box.top + spot.y, right: left + width, bottom: box.top + spot.y + LOW });
        if (cost < (best?.cost ?? Infinity)) best = { ...spot, cost };
        if (cost === 0) return spot;
      }
    }
    return best;
  }

  /**
   * What a chip would cover: infinite of a control, the number of words' boxes else.
   * @param {Box} box
   */
  function costOf({ left, top, right, bottom }) {
    /** @type {Set<Element>} */
    const hits = new Set();
    for (const x of [left, (left + right) / 2, right]) {
      for (const y of [top, (top + bottom) / 2, bottom]) {
        const hit = under(x, y);
        if (hit?.closest(CONTROLS)) return Infinity;
        if (hit) hits.add(hit);
      }
    }
    let cost = 0;
    for (const hit of hits) {
      for (const child of hit.childNodes) {
        if (child.nodeType !== Node.TEXT_NODE || !child.nodeValue?.trim()) continue;
        const range = document.createRange();
        range.selectNode(child);
        for (const word of range.getClientRects()) {
          if (word.left < right && word.right > left && word.top + 2 < bottom && word.bottom - 2 > top) cost++;
        }
      }
    }
    return cost;
  }

  latchkey.spots = { GAP, HEIGHT, LOW, SHOULDER, parentOf, areKin, under, boxOf, spotFor };
})();
