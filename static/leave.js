// Starts the page that says that the person left while signed in.
import { start } from "./screen.js";
import init, { leave } from "./latchkey_pages.js";

start(init, leave);
