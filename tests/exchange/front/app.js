// The single page: finds what a path means, asks the server, renders, and again.

import { closeMenu, frame } from "./frame.js";
import { loadStyle, turnClasses } from "./kit.js";
import { notFound, pages } from "./pages.js";
import { config } from "./text.js";

const app = document.getElementById("__APP");
let pressed = false;
let turn = 0;
let latest = Promise.resolve();

/** What pages and dialogs may do. */
const act = {
  /** Who is signed in; null while nobody is. */
  me: null,
  /** Whether a session has just ended under the person's hands. */
  ended: false,
  render,
  navigate,
  /** Sends JSON; gives the answer, which has an `error` where it was refused. */
  async send(path, body) {
    try {
      const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      const told = await answer.json();
      return answer.ok ? told : { error: told.error ?? "refused" };
    } catch {
      return { error: "unreachable" };
    }
  },
  /** The same from inside an account, and the page is rendered with what has changed. Gives the error, or nothing. */
  async post(path, body) {
    const { error } = await act.send(path, body);
    if (!error || error === "signed-out") await render();
    return error;
  },
  async logOut() {
    await act.send("/api/logout", {});
    act.me = null;
    await navigate(config.paths.home);
  },
};

const here = () => (location.pathname.length > 1 ? location.pathname.replace(/\/+$/, "") : "/");
const pageHere = () => pages.get(here()) ?? (here() === "/" ? pages.get(config.paths.home) : notFound);

/** What the server answers, or null where nobody is signed in. */
async function load(name) {
  const answer = await fetch(`/api/${name}?language=${config.language}`, { headers: { accept: "application/json" } });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

/**
 * Asks the server for what this page shows and renders it, with new elements and new class names. Where another
 * render begins meanwhile, this one gives way to it and is done when that one is.
 */
function render() {
  turn += 1;
  latest = draw(turn);
  return latest;
}

async function draw(mine) {
  const page = pageHere();
  const known = act.me !== null;
  const [me, ...parts] = await Promise.all(["me", ...page.needs].map(load));
  if (mine !== turn) return latest;
  act.me = me;
  if (!me && !page.open) {
    act.ended = known;
    await navigate(config.paths.login, "replaceState");
    act.ended = false;
    return;
  }
  const data = { now: me?.now };
  page.needs.forEach((name, n) => Object.assign(data, name === "security" ? { security: parts[n] } : parts[n]));
  show(page, data);
}

function show(page, data) {
  const focus = pathOf(document.activeElement);
  turnClasses();
  document.title = `${page.title} | Demo Exchange`;
  app.replaceChildren(...frame(act.me, act, page.render(data, act)));
  focus?.reduce((node, n) => node?.children[n], app)?.focus?.({ preventScroll: true });
  window.exchange.renders += 1;
}

/** Where an element of the page stands, so that the focus finds its way back after a render. */
function pathOf(element) {
  if (!element || element === app || !app.contains(element)) return null;
  const path = [];
  for (let node = element; node !== app; node = node.parentElement) path.unshift([...node.parentElement.children].indexOf(node));
  return path;
}

/** Goes to another page without loading a document. */
async function navigate(path, how = "pushState") {
  closeMenu();
  history[how](null, "", path);
  scrollTo(0, 0);
  await render();
}

document.addEventListener("click", (event) => {
  const anchor = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!anchor || anchor.origin !== location.origin || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  navigate(anchor.pathname).catch(() => {});
});
// A render between press and release would swallow the click.
document.addEventListener("pointerdown", () => { pressed = true; }, true);
for (const type of ["pointerup", "pointercancel"]) document.addEventListener(type, () => { setTimeout(() => { pressed = false; }, 50); }, true);
addEventListener("popstate", () => { closeMenu(); render().catch(() => {}); });

window.exchange = { render, navigate, renders: 0 };
await loadStyle();
await render();
if (config.rerender > 0) {
  setInterval(() => {
    if (!document.hidden && !pressed && !pageHere().still) render().catch(() => {});
  }, config.rerender);
}
