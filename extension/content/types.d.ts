// What the content scripts share with each other and with the background. Types only: nothing of this file ships.

/** How a row, or the page as a whole, was judged. */
type Tone = "good" | "check" | "act" | "quiet" | "unknown";

/** What stands beside one row. All texts are plain. */
interface Chip {
  node: number;
  tone: Tone;
  label: string;
  title: string;
  reasons: string[];
}

/** The slim line in the corner. */
interface Banner {
  tone: Tone;
  text: string;
  detail: string;
  /** The words of the button that scrolls to `first`. */
  action: string;
  first: number | null;
}

/** What stands guard while the person is to be warned. */
interface Guard {
  /** The exchange's hosts. */
  hosts: string[];
  /** From when on the page is to be covered, in milliseconds since 1970; null while somebody is there. */
  coveredFrom: number | null;
  words: { countdown: string; countdownDetail: string; stay: string; cover: string; coverDetail: string };
}

/** The slim line of the watch. */
interface Bar {
  tone: Tone;
  text: string;
  detail: string;
  /** The words of the button that scrolls to `target`. */
  action: string | null;
  target: number | null;
}

/** All that is painted over one state of a page; node numbers are those of the capture of the same revision. */
interface Painting {
  revision: number;
  dir: "ltr" | "rtl";
  lang: string;
  theme?: "light" | "dark";
  chips: Chip[];
  banner: Banner | null;
  guard?: Guard | null;
  bar?: Bar | null;
  words: { close: string; why: string };
}

/** What the background sends. */
type Order =
  | { kind: "paint"; revision: number; painting: Painting }
  | { kind: "show"; revision?: number; node: number }
  | { kind: "clear"; revision?: number }
  | { kind: "stop" | "capture" | "refused" | "look" };

/** What this page sends; the answer is an `Order`, or of no concern here. */
interface PageReport {
  page: { revision: number; capture: string };
}

/** What the person pressed while they are to be warned, and that they are still there. */
type Told = { pressed: { revision: number; node: number | null; words: string } } | "here";

/** What the person pointed at; the answer is an `Understood`. */
interface Pointed {
  lesson: {
    capture: string;
    /** What the rows are, the row's node, and each part with its node: "sessions 17 address 20 control 31". */
    pointing: string;
    save: boolean;
  };
}

/**
 * What was understood of each row (address, device, time, place, control, as plain texts), what was refused and why
 * (by the part's name; "" is the whole), and whether it is remembered now.
 */
interface Understood {
  kind: "lesson";
  rows: string[][];
  refused: [string, string][];
  saved: boolean;
}

/** In the viewport's pixels. */
interface Box { left: number; top: number; right: number; bottom: number }

/** A chip's place, from its row's start and top; `compact` has no words, `edge` is on the row's edge. */
interface Spot { compact: boolean; edge: boolean; x: number; y: number }

/** What `spots.js` knows of the page's room. */
interface Spots {
  GAP: number;
  HEIGHT: number;
  LOW: number;
  SHOULDER: number;
  parentOf(node: Node): Element | null;
  /** Whether one of two elements is the other's ancestor, shadow roots crossed. */
  areKin(one: Element, other: Element): boolean;
  /** The page's own element at a point, seen through the overlay. */
  under(x: number, y: number): Element | null;
  boxOf(element: Element): Box;
  /** Where a chip stands; `null`: nowhere. */
  spotFor(mark: { rtl: boolean; row: Element; width: number }, box: Box, view: Box): Spot | null;
}

/** The scripts' one shared object, in the extension's isolated world. */
interface Latchkey {
  /** The overlay's element in the page, while there is one. */
  host?: HTMLElement | null;
  /** Handles an event whose target is the host; `guard.js` stops the event itself. */
  route?: ((event: Event) => void) | null;
  guarded?: boolean;
  /** While the person points at things: the element that lies over the page, and what handles its events. */
  lesson?: { host: HTMLElement; route: (event: Event) => void } | null;
  /** Whether the extension that put these scripts here is still there: it may have been removed, or renewed. */
  isAlive?: () => boolean;
  watching?: boolean;
  capture?: (document: Document, options?: { nodes?: number }) => { json: string; elements: Element[]; roots: ShadowRoot[] };
  limits?: { ATTRIBUTES: string[]; NODE_BUDGET: number; TEXT_BUDGET: number };
  spots?: Spots;
  paint?: (painting: Painting, elements: Element[]) => void;
  /** Puts what is painted where its rows are now. */
  place?: () => void;
  /** Scrolls to an element and outlines it for a moment. */
  show?: (element: Element | undefined) => void;
  clear?: () => void;
  /** Stands guard as it is told, or no longer. */
  guard?: (painting: Painting | null, elements: Element[]) => void;
  /** Draws what the watch shows. */
  hold?: () => void;
  /** Whether something done in the overlay was meant for the watch. */
  attend?: (event: Event, button: Element | null | undefined) => boolean;
  tell?: (message: Told) => void;
  prepare?: (painting: Painting) => HTMLElement;
  make?: <T extends keyof HTMLElementTagNameMap>(tag: T, className: string, ...content: (Node | string)[]) => HTMLElementTagNameMap[T];
  closer?: (words: string) => HTMLButtonElement;
}

declare var latchkey: Latchkey | undefined;

type OrderListener = (
  message: Order,
  sender: { id?: string; tab?: unknown },
  respond: (capture: string) => void,
) => void;

// As much of the WebExtension APIs as is used here.
interface ExtensionRuntime {
  id?: string;
  sendMessage(message: Pointed): Promise<Understood | { kind: "refused" } | undefined>;
  sendMessage(message: PageReport | Told): Promise<Order | undefined>;
  onMessage: {
    addListener(listener: OrderListener): void;
    removeListener(listener: OrderListener): void;
  };
}
interface ExtensionApi {
  runtime: ExtensionRuntime;
  i18n?: { getMessage(key: string): string };
  dom?: { openOrClosedShadowRoot(element: Element): ShadowRoot | null };
}
declare var browser: ExtensionApi | undefined;
declare var chrome: ExtensionApi | undefined;
interface Element {
  /** Firefox, in content scripts only. */
  openOrClosedShadowRoot?: ShadowRoot | null;
}
