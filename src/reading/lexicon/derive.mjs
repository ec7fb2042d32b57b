// Writes <lang>.cldr from the Unicode CLDR inside Node's ICU (Unicode License v3): months, weekdays, parts of the day,
// relative times, units, names of countries. Run: node derive.mjs (Node 20 or later, full ICU).
import { writeFileSync } from "node:fs";

const LANGS = ["en", "zh-CN", "zh-TW", "ja", "ko", "es", "pt", "fr", "de", "it", "ru", "tr", "ar", "hi", "id", "vi", "uk", "pl", "nl", "th"];
// Countries whose own words differ.
const REGIONS = { en: ["en-GB", "en-AU", "en-CA", "en-IN"], "zh-CN": ["zh-SG"], "zh-TW": ["zh-HK"], es: ["es-MX", "es-AR", "es-CO", "es-US"], pt: ["pt-PT"], fr: ["fr-CA", "fr-CH"], de: ["de-AT", "de-CH"], ar: ["ar-MA", "ar-TN", "ar-LB", "ar-IQ"] };
const UNITS = ["second", "minute", "hour", "day", "week", "month", "year"];
const NUMBERS = [1, 2, 3, 5, 11, 21, 22, 100];
const NOT_COUNTRIES = new Set("AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH NQ NT PC PZ QO QU RH SU TA TP UK UN VD WK XA XB YD YU ZR ZZ FQ JT MI CT".split(" "));

for (const lang of LANGS) {
  const lines = new Map();
  const add = (key, ...words) => {
    const set = lines.get(key) ?? lines.set(key, new Set()).get(key);
    for (const word of words) if (word && !/^[\s\d.,:/-]*$/.test(word) && !taken(key, word)) set.add(word.trim());
  };
  // A country's word for one unit gives way where the language has it for another ("m" in French).
  let regional = false;
  const plain = (word) => word.trim().replace(/\.$/, "");
  const taken = (key, word) => regional && [...lines].some(([other, set]) => other !== key && other.split(" ")[0] === key.split(" ")[0] && [...set].some((known) => plain(known) === plain(word)));
  for (const region of [lang, ...(REGIONS[lang] ?? [])]) {
  const locale = `${region}-u-ca-gregory-nu-latn`;
  regional = region !== lang;
  const part = (options, date, type) =>
    new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).formatToParts(date).find((p) => p.type === type)?.value;
  for (let m = 0; m < 12; m++) {
    const date = new Date(Date.UTC(2026, m, 14, 14, 12, 5));
    for (const month of ["long", "short"]) {
      add(`month ${m + 1}`, part({ month }, date, "month"), part({ month, day: "numeric", year: "numeric" }, date, "month"), part({ month, year: "numeric" }, date, "month"), part({ month, day: "numeric" }, date, "month"));
    }
    add(`month ${m + 1}`, part({ dateStyle: "medium" }, date, "month"), part({ dateStyle: "long" }, date, "month"), part({ dateStyle: "full" }, date, "month"));
  }
  for (let d = 0; d < 7; d++) {
    const date = new Date(Date.UTC(2026, 3, 13 + d)); // 13 April 2026 is a Monday
    for (const weekday of ["long", "short"]) {
      add(`weekday ${d + 1}`, part({ weekday }, date, "weekday"), part({ weekday, day: "numeric", month: "long", year: "numeric" }, date, "weekday"));
    }
  }
  for (let h = 0; h < 24; h++) {
    const date = new Date(Date.UTC(2026, 3, 14, h));
    const half = h < 12 ? "am" : "pm";
    add(half, part({ hour: "numeric", hour12: true }, date, "dayPeriod"), part({ hour: "numeric", minute: "2-digit", second: "2-digit", hour12: true }, date, "dayPeriod"));
  }
  for (const unit of UNITS) {
    for (const style of ["long", "short", "narrow"]) {
      for (const numeric of ["always", "auto"]) {
        const format = new Intl.RelativeTimeFormat(locale, { style, numeric });
        for (const n of NUMBERS) {
          const parts = format.formatToParts(-n, unit);
          const at = parts.findIndex((p) => p.type === "integer");
          if (at < 0) add(`fixed ${unit} ${n}`, parts.map((p) => p.value).join(""));
          else {
            const before = parts.slice(0, at).map((p) => p.value).join("").trim();
            const after = parts.slice(at + 1).map((p) => p.value).join("").trim();
            // Where the past reads like the future it says nothing.
            if (format.format(n, unit) !== format.format(-n, unit)) add(`past ${unit}`, `${before}{n}${after}`);
          }
        }
      }
      for (const n of NUMBERS) {
        const parts = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: style }).formatToParts(n);
        add(`unit ${unit}`, parts.filter((p) => p.type === "unit").map((p) => p.value).join(" "));
      }
    }
  }
  for (const unit of UNITS) for (const style of ["long", "short", "narrow"]) add(`fixed ${unit} 0`, new Intl.RelativeTimeFormat(locale, { style, numeric: "auto" }).format(0, unit));
  }
  for (const style of ["long", "short"]) {
    const names = new Intl.DisplayNames(lang, { type: "region", style, fallback: "none" });
    for (let i = 0; i < 676; i++) {
      const code = String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26));
      if (!NOT_COUNTRIES.has(code)) add(`country ${code}`, names.of(code));
    }
  }
  writeFileSync(new URL(`${lang}.cldr`, import.meta.url), [...lines].filter(([, set]) => set.size).map(([key, set]) => `${key}\t${[...set].join("|")}\n`).join(""));
}
