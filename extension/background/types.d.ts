// Types only: nothing of this file ships.

/** Firefox's name for the same APIs. */
declare var browser: typeof chrome | undefined;
