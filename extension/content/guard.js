/**
 * The shield of the overlay, at document_start: before any script of the page can listen.
 *
 * Whatever happens inside the overlay (a key, a press, a move) is stopped at the window, where the page would see it
 * first. That silences the overlay's own listeners too, so the event is handed to `latchkey.route` instead; and only
 * if a person made it, never if the page did.
 */
(() => {
  const latchkey = (globalThis.latchkey ??= {});
  if (latchkey.guarded) return;
  latchkey.guarded = true;

  const EVENTS = [
    "keydown", "keyup", "keypress", "beforeinput", "input", "change", "compositionstart", "compositionupdate",
    "compositionend", "pointerdown", "pointerup", "pointermove", "pointerover", "pointerout", "pointercancel",
    "mousedown", "mouseup", "mousemove", "mouseover", "mouseout", "click", "auxclick", "dblclick", "contextmenu",
    "touchstart", "touchmove", "touchend", "touchcancel", "wheel", "focus", "blur", "focusin", "focusout",
    "selectstart", "copy", "cut", "paste", "dragstart", "beforetoggle", "toggle", "scroll", "scrollend",
  ];

  /** @param {Event} event */
  function shield(event) {
    const lesson = latchkey.lesson;
    const isOfLesson = lesson && event.target === lesson.host;
    if (!isOfLesson && (!latchkey.host || event.target !== latchkey.host)) return;
    event.stopImmediatePropagation();
    if (!event.isTrusted) return;
    if (isOfLesson) lesson.route(event);
    else latchkey.route?.(event);
  }
  for (const type of EVENTS) window.addEventListener(type, shield, { capture: true, passive: true });

  const runtime = (globalThis.browser ?? globalThis.chrome)?.runtime;
  latchkey.isAlive = () => {
    try {
      return Boolean(runtime?.id);
    } catch {
      return false; // the context was invalidated
    }
  };
})();
