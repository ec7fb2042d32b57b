// Writes times.tsv: times as the browser's own Intl prints them in twenty languages, with what they mean.
// Run: node derive.mjs (Node 20 or later, full ICU). Columns: language, text, moment in UTC, precision, zone.
// The present is 2026-11-20T15:30:00Z and times are of UTC unless they state another zone.
import { writeFileSync } from "node:fs";

const LOCALES = "ar de en-GB en-US es fr fr-CA hi id it ja ko nl pl pt ru th tr uk vi zh-CN zh-HK zh-TW".split(" ");
const NOW = Date.UTC(2026, 10, 20, 15, 30);
const MOMENTS = ["2025-12-01T13:20:10Z", "2026-01-03T00:05:09Z", "2026-02-14T14:12:05Z", "2026-04-07T12:00:00Z", "2026-05-31T23:59:59Z", "2026-08-20T01:01:01Z", "2026-09-30T17:17:17Z"].map((text) => new Date(text));
const CUTS = { second: 19, minute: 16, hour: 13, day: 10 };
const FULL = "0000-00-00T00:00:00Z";

const lines = new Set();
const put = (locale, text, at, precision, zone) => {
  const moment = new Date(at).toISOString();
  const kept = CUTS[precision] && zone !== "relative" ? CUTS[precision] : 19;
  lines.add([locale, text, moment.slice(0, kept) + FULL.slice(kept), precision, zone].join("\t"));
};

let turn = 0;
for (const locale of LOCALES) {
  const print = (options, precision, zone = "assumed") => {
    const date = MOMENTS[turn++ % MOMENTS.length];
    put(locale, new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(date), date, precision, zone);
  };
  for (const dateStyle of ["full", "long", "medium", "short"]) {
    print({ dateStyle }, "day");
    print({ dateStyle, timeStyle: dateStyle === "full" ? "full" : "long" }, "second", "stated");
    print({ dateStyle, timeStyle: "medium" }, "second");
    print({ dateStyle, timeStyle: "short" }, "minute");
    if (dateStyle === "medium") {
      print({ dateStyle, timeStyle: "short", hour12: true }, "minute");
      print({ dateStyle, timeStyle: "medium", hourCycle: "h23" }, "second");
    }
  }
  const date = { year: "numeric", month: "short", day: "numeric" };
  print({ ...date, weekday: "short", hour: "numeric", minute: "2-digit" }, "minute");
  print({ ...date, era: "short", hour: "numeric", minute: "2-digit" }, "minute");
  print({ ...date, hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 }, "second");
  print({ ...date, hour: "numeric" }, "hour");
  print({ month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }, "minute");
  print({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }, "minute");
  print({ ...date, hour: "numeric", minute: "2-digit", timeZone: "Asia/Kolkata", timeZoneName: "shortOffset" }, "minute", "stated");
  print({ ...date, hour: "numeric", minute: "2-digit", timeZone: "America/New_York", timeZoneName: "longOffset" }, "minute", "stated");
  print({ ...date, hour: "numeric", minute: "2-digit", timeZone: "Europe/Paris", timeZoneName: "long" }, "minute", "stated");
  const lengths = { second: 1e3, minute: 6e4, hour: 36e5, week: 6048e5 };
  for (const style of ["long", "narrow"]) {
    for (const [unit, length] of Object.entries(lengths)) {
      const count = [2, 5, 11, 1, 3, 21][turn++ % 6];
      put(locale, new Intl.RelativeTimeFormat(locale, { style, numeric: "always" }).format(-count, unit), NOW - count * length, unit, "relative");
    }
  }
  const named = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  put(locale, named.format(-1, "day"), Date.UTC(2026, 10, 19), "day", "relative");
}
writeFileSync(new URL("times.tsv", import.meta.url), [...lines].join("\n") + "\n");
