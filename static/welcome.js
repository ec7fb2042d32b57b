// Starts the welcome page.
import { start } from "./screen.js";
import init, { welcome } from "./latchkey_pages.js";

start(init, welcome);
