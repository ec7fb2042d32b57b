// Elements, and class names that are others on every render: a reader that leans on them finds nothing.

let salt = Math.floor(Math.random() * 1e9);
let rules = "";
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet];

/** Loads the rules, which are written with logical names (".c-card"). */
export async function loadStyle() {
  rules = await (await fetch("/assets/kit.css")).text();
}

/** Begins a new render: every logical name gets a new class name. */
export function turnClasses() {
  salt += 1;
  sheet.replaceSync(rules.replace(/\.c-([a-z0-9-]+)/g, (_, name) => `.${className(name)}`));
}

/** The class name of a logical name in this render (FNV-1a, as style kits do it). */
function className(name) {
  let hash = 0x811c9dc5;
  for (const unit of `${salt}/${name}`) {
    hash = Math.imul(hash ^ unit.codePointAt(0), 0x01000193) >>> 0;
  }
  return `css-${hash.toString(36)}`;
}

/**
 * An element. `props.class` lists logical names; a function is a listener ("click"); `true` is an empty attribute;
 * `false`, `null` and `undefined` are none. Text children are text, never markup.
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value.split(" ").map(className).join(" ");
    else if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  bin: "M6 7h12l-1 13H7L6 7zm3-3h6l1 2H8l1-2z",
  desktop: "M3 5h18v11H3zM8 20h8v-2H8z",
  phone: "M8 2h8a1 1 0 011 1v18a1 1 0 01-1 1H8a1 1 0 01-1-1V3a1 1 0 011-1z",
  shield: "M12 2l8 3v6c0 5-3.5 9-8 11-4.5-2-8-6-8-11V5z",
  diamond: "M12 2l9 9-9 9-9-9z",
};

/** A picture without a text. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: 16, height: 16, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}
