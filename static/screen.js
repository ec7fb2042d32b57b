// What every screen does before its module runs: the language and direction of its texts (those of the browser may be
// others), and a word where the module does not start.

/** @param {string} key */
const text = (key) => chrome.i18n.getMessage(key);

document.documentElement.lang = text("language") || chrome.i18n.getUILanguage();
document.documentElement.dir = text("direction") || "ltr";

/**
 * Loads the module and shows its screen.
 * @param {() => Promise<unknown>} init
 * @param {() => unknown} show
 */
export async function start(init, show) {
  try {
    await init();
    await show();
  } catch (error) {
    console.error(error);
    const line = document.createElement("p");
    line.className = "broken";
    line.setAttribute("role", "alert");
    line.textContent = text("badge_broken") || "Latchkey could not start";
    const screen = document.getElementById("screen");
    screen?.removeAttribute("aria-busy");
    screen?.replaceChildren(line);
  }
}
