// Starts the page about Latchkey.
import { start } from "./screen.js";
import init, { about } from "./latchkey_pages.js";

start(init, about);
