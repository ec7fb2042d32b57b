// Starts the sample of a page.
import { start } from "./screen.js";
import init, { sample } from "./latchkey_pages.js";

start(init, sample);
