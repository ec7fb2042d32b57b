// Starts the popup.
import { start } from "./screen.js";
import init, { popup } from "./latchkey_pages.js";

// Opened over a tab of its choice, it stands in a tab itself and takes the room it has.
document.documentElement.classList.toggle("in-tab", new URLSearchParams(location.search).has("tab"));
start(init, popup);
