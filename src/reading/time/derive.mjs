// Writes words.cldr from the Unicode CLDR inside Node's ICU (Unicode License v3): what stands beside the numbers of a
// date and a clock in twenty languages. Run: node derive.mjs (Node 20 or later, full ICU).
import { writeFileSync } from "node:fs";

const LOCALES = "en en-GB en-AU en-CA en-IN zh-CN zh-TW zh-HK ja ko es es-MX es-US pt pt-PT fr fr-CA fr-CH de de-AT it ru tr ar hi id vi uk pl nl th".split(" ");
// One city for each zone whose name is worth its weight.
const CITIES = "UTC Europe/London Europe/Paris Europe/Moscow America/New_York America/Los_Angeles Asia/Kolkata Asia/Bangkok Asia/Shanghai Asia/Singapore Asia/Tokyo Asia/Seoul".split(" ");
const DAYS = [new Date("2026-01-15T12:00Z"), new Date("2026-07-15T12:00Z")];

const lines = new Map();
const add = (key, word) => {
  word = word?.replace(/[\u200e\u200f]/g, "").replace(/\u202f|\u00a0|\u2009/g, " ").trim().toLowerCase();
  if (word && /\p{L}/u.test(word) && !/\p{Nd}/u.test(word)) (lines.get(key) ?? lines.set(key, new Set()).get(key)).add(word);
};
const parts = (locale, options, date) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).formatToParts(date);

// Zones, by their minutes east; a name of two offsets is none.
const zones = new Map();
for (const locale of LOCALES) for (const timeZone of CITIES) for (const date of DAYS) for (const timeZoneName of ["long", "short"]) {
  const east = /GMT(?:([+-])(\d+):(\d+))?/.exec(parts("en", { timeZone, timeZoneName: "longOffset" }, date).find((p) => p.type === "timeZoneName").value);
  const minutes = east[1] ? (east[1] === "+" ? 1 : -1) * (east[2] * 60 + +east[3]) : 0;
  const name = parts(locale, { timeZone, timeZoneName }, date).find((p) => p.type === "timeZoneName").value;
  if (!/\p{Nd}/u.test(name)) (zones.get(name) ?? zones.set(name, new Set()).get(name)).add(minutes);
}
const SHARED = ["IST", "CST", "BST"];
for (const [name, offsets] of zones) if (offsets.size === 1 && !SHARED.includes(name)) add(`zone ${[...offsets][0]}`, name);

for (const locale of LOCALES) {
  const gregory = `${locale}-u-ca-gregory-nu-latn`;
  // Eras, and the words between the numbers.
  for (const date of DAYS) {
    for (const era of ["long", "short"]) {
      for (const calendar of [gregory, ...(locale === "th" ? ["th-u-nu-latn"] : [])])
        add("joint", parts(calendar, { era, year: "numeric", month: "long", day: "numeric" }, date).find((p) => p.type === "era")?.value);
    }
    for (const dateStyle of ["full", "long", "medium", "short"]) for (const timeStyle of [undefined, "full", "medium", "short"]) for (const hour12 of [true, false])
      for (const part of parts(gregory, timeStyle ? { dateStyle, timeStyle, hour12 } : { dateStyle }, date)) if (part.type === "literal") for (const word of part.value.split(/\s+/)) if (!/[年月日時时分秒년월일시초]/.test(word)) add("joint", word.replace(/^[^\p{L}]+|[^\p{L}\p{M}]+$/gu, ""));
    for (const part of parts(gregory, { hour: "numeric", hour12: false }, date)) if (part.type === "literal") add("joint", part.value.trim().replace(/[時时시]/, ""));
  }
  // Parts of the day, by the hours that they stand for.
  const hours = new Map();
  for (const dayPeriod of ["long", "short", "narrow"]) for (let hour = 0; hour < 24; hour++) {
    const date = new Date(Date.UTC(2026, 3, 14, hour, 10));
    const name = parts(gregory, { hour: "numeric", minute: "2-digit", hour12: true, dayPeriod }, date).find((p) => p.type === "dayPeriod")?.value;
    if (name) (hours.get(name) ?? hours.set(name, new Set()).get(name)).add(hour);
  }
  for (const [name, set] of hours) {
    const all = [...set];
    const kind = all.every((h) => h < 6 || h >= 20) ? "night" : all.every((h) => h < 12) ? "am" : all.every((h) => h >= 12) ? "pm" : all.some((h) => h < 6) ? "night" : "midday";
    add(kind, name);
  }
}
// A word of two kinds is kept where it says more.
for (const [kind, others] of [["night", ["am", "pm", "midday"]], ["midday", ["am", "pm"]], ["am", ["joint"]], ["pm", ["joint"]]])
  for (const word of lines.get(kind) ?? []) for (const other of others) lines.get(other)?.delete(word);
writeFileSync(new URL("words.cldr", import.meta.url), [...lines].filter(([, set]) => set.size).map(([key, set]) => `${key}\t${[...set].sort().join("|")}\n`).join(""));
