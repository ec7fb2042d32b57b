// What cities are called, from three translations of the names of time zones: Debian's tzdata (public domain) and the
// calendars of Mozilla Thunderbird (MPL-2.0) and of GNOME's Evolution (LGPL-2.0 or LGPL-3.0). Writes zones.tsv, and what
// Evolution says, with its own licence, into zones-evolution.tsv. Their packages come and go with each release, so what
// they say is committed:
//
//   node xtask/data/zones.mjs
//
// Wants apt-get and dpkg-deb, that is, Debian; from the network only Debian's own packages.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import AdmZip from "adm-zip";
import { mo } from "gettext-parser";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../../target/data/zones");
/** Thunderbird's languages. */
const packs = "ar de es-ar es-es fr id it ja ko nl pl pt-br pt-pt ru th tr uk vi zh-cn zh-tw".split(" ");
/** Those of Debian's. */
const translations = new Set("de es fr id it ja ko nl pl pt pt_BR ru th tr vi".split(" "));
/** Evolution's. */
const catalogs = "ar de es fr hi id it ja ko nl pl pt pt_BR ru th tr uk vi zh_CN zh_TW".split(" ");
const areas = new Set("Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific".split(" "));
/** What Evolution's zones are called since. */
const renamed = new Map([
  ["Africa/Asmera", "Africa/Asmara"],
  ["America/Buenos_Aires", "America/Argentina/Buenos_Aires"],
  ["America/Catamarca", "America/Argentina/Catamarca"],
  ["America/Cordoba", "America/Argentina/Cordoba"],
  ["America/Indianapolis", "America/Indiana/Indianapolis"],
  ["America/Jujuy", "America/Argentina/Jujuy"],
  ["America/Louisville", "America/Kentucky/Louisville"],
  ["America/Mendoza", "America/Argentina/Mendoza"],
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Asia/Katmandu", "Asia/Kathmandu"],
  ["Asia/Macao", "Asia/Macau"],
  ["Asia/Saigon", "Asia/Ho_Chi_Minh"],
  ["Asia/Ujung_Pandang", "Asia/Makassar"],
]);

/** @typedef {Map<string, Set<string>>} Zones names by zone */

/**
 * @param {Zones} zones
 * @param {string} zone
 * @param {string} name
 */
function add(zones, zone, name) {
  // "US/Pacific", "UTC" and "floating" are named after no city.
  if (!zone.includes("/") || /^(US|Etc|SystemV)\//.test(zone)) return;
  const city = zone.split("/").at(-1)?.replaceAll("_", " ");
  const tidy = name.replaceAll("_", " ").split(" ").filter(Boolean).join(" ").normalize("NFC");
  // "Indiana (Knox)" and the like say more than a name.
  if (tidy && tidy !== city && !/[(),،、（）|\t]/.test(tidy)) zones.set(zone, (zones.get(zone) ?? new Set()).add(tidy));
}

/**
 * Adds what stands after the area. Languages part the two by a slash of theirs, and a few by a dash.
 * @param {Zones} zones
 * @param {string} zone
 * @param {string} name
 */
function addParted(zones, zone, name) {
  const parts = name.split(/[/／]/);
  if (parts.length > 1) add(zones, zone, parts.at(-1) ?? "");
}

/**
 * Fetches a package and unpacks it; its version.
 * @param {string} name
 */
function unpacked(name) {
  const at = join(folder, name);
  mkdirSync(at, { recursive: true });
  execFileSync("apt-get", ["download", name], { cwd: at, stdio: "ignore" });
  const file = readdirSync(at).find((it) => it.endsWith(".deb"));
  if (!file) throw new Error(`no package ${name}`);
  execFileSync("dpkg-deb", ["-R", file, "."], { cwd: at });
  return { at, version: file.split("_")[1].replace("%3a", ":") };
}

/**
 * A choice of debconf's, in which commas part.
 * @param {string} text
 */
const choices = (text) => text.split(/(?<!\\), /).map((it) => it.replaceAll("\\,", ","));

/** @param {Zones} zones */
function tzdata(zones) {
  const { at, version } = unpacked("tzdata");
  for (const part of readFileSync(join(at, "DEBIAN/templates"), "utf8").split("\n\n")) {
    const area = /^Template: tzdata\/Zones\/(\S+)$/m.exec(part)?.[1];
    const english = /^Choices: (.+)$/m.exec(part)?.[1];
    if (!area || !english) continue;
    const ids = choices(english);
    for (const [, language, text] of part.matchAll(/^Choices-(\w+)\.UTF-8: (.+)$/gm)) {
      const names = choices(text);
      if (!translations.has(language) || names.length !== ids.length) continue;
      for (const [index, name] of names.entries()) add(zones, `${area}/${ids[index]}`, name.split("/").at(-1) ?? "");
    }
  }
  return version;
}

/**
 * @param {Zones} zones
 * @param {string} language
 */
function thunderbird(zones, language) {
  const { at, version } = unpacked(`thunderbird-l10n-${language}`);
  const extensions = join(at, "usr/lib/thunderbird/extensions");
  for (const pack of readdirSync(extensions)) {
    const entries = new AdmZip(join(extensions, pack)).getEntries();
    const text = entries.find((it) => it.entryName.endsWith("calendar/timezones.properties"))?.getData().toString("utf8");
    for (const [, zone, name] of (text ?? "").matchAll(/^pref\.timezone\.(\S+?) *= *(.+)$/gm)) {
      addParted(zones, zone.replaceAll(".", "/"), name);
    }
  }
  return version;
}

/** @param {Zones} zones */
function evolution(zones) {
  const { at, version } = unpacked("evolution-common");
  for (const language of catalogs) {
    const catalog = mo.parse(readFileSync(join(at, `usr/share/locale/${language}/LC_MESSAGES/evolution.mo`)));
    for (const { msgid, msgstr } of Object.values(catalog.translations[""])) {
      if (areas.has(msgid.split("/")[0])) addParted(zones, renamed.get(msgid) ?? msgid, msgstr[0]);
    }
  }
  return version;
}

/**
 * What each name is said to name: the last parts of zones, "Indiana/Vincennes" and "Vincennes" being one.
 * @param {Zones[]} tables
 */
function citiesByName(...tables) {
  /** @type {Map<string, Set<string>>} */
  const cities = new Map();
  for (const [zone, names] of tables.flatMap((table) => [...table])) {
    const city = zone.split("/").at(-1) ?? "";
    for (const name of names) cities.set(name, (cities.get(name) ?? new Set()).add(city));
  }
  return cities;
}

/**
 * @param {string} file
 * @param {string} says comment, in lines
 * @param {Zones} zones
 */
function write(file, says, zones) {
  const lines = [...zones].sort(([a], [b]) => (a < b ? -1 : 1)).map(([zone, names]) => `${zone}\t${[...names].sort().join("|")}`);
  writeFileSync(join(here, file), `${says}\n${lines.join("\n")}\n`);
}

rmSync(folder, { recursive: true, force: true });
/** @type {Zones} */
const zones = new Map();
const debian = tzdata(zones);
const [mozilla] = packs.map((pack) => thunderbird(zones, pack));
write(
  "zones.tsv",
  `# What the cities that time zones are named after are called in other languages: by Debian's tzdata ${debian} (public
# domain) and Mozilla Thunderbird ${mozilla}'s language packs (MPL-2.0). Zone, names parted by "|". Written by zones.mjs.`,
  zones,
);
/** @type {Zones} */
const others = new Map();
const gnome = evolution(others);
// What is said already needs nobody else's licence; and what is said of another city is a line that slipped.
const cities = citiesByName(zones, others);
for (const [zone, names] of others) {
  for (const name of names) if (zones.get(zone)?.has(name) || (cities.get(name)?.size ?? 0) > 1) names.delete(name);
  if (!names.size) others.delete(zone);
}
write(
  "zones-evolution.tsv",
  `# The same by GNOME's Evolution ${gnome}, under LGPL-2.0 or LGPL-3.0 (LGPL-2.0.txt beside it): what zones.tsv has not.
# Zone, names parted by "|". Written by zones.mjs.`,
  others,
);
