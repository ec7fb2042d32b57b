// Starts the settings.
import { start } from "./screen.js";
import init, { settings } from "./latchkey_pages.js";

start(init, settings);
