// What cities are called, from two translations of the names of time zones: Debian's tzdata (public domain) and the
// calendar of Mozilla Thunderbird (MPL-2.0). Writes zones.tsv. Their packages come and go with each release, so what they
// say is committed:
//
//   node xtask/data/zones.mjs
//
// Wants apt-get and dpkg-deb, that is, Debian; from the network only Debian's own packages.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import AdmZip from "adm-zip";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../../target/data/zones");
/** Thunderbird's languages. */
const packs = "ar de es-ar es-es fr id it ja ko nl pl pt-br pt-pt ru th tr uk vi zh-cn zh-tw".split(" ");
/** Those of Debian's. */
const translations = new Set("de es fr id it ja ko nl pl pt pt_BR ru th tr vi".split(" "));

/** @type {Map<string, Set<string>>} names by zone */
const zones = new Map();

/**
 * @param {string} zone
 * @param {string} name
 */
function add(zone, name) {
  // "US/Pacific", "UTC" and "floating" are named after no city.
  if (!zone.includes("/") || /^(US|Etc|SystemV)\//.test(zone)) return;
  const city = zone.split("/").at(-1)?.replaceAll("_", " ");
  const tidy = name.replaceAll("_", " ").split(" ").filter(Boolean).join(" ").normalize("NFC");
  // "Indiana (Knox)" and the like say more than a name.
  if (tidy && tidy !== city && !/[(),،、（）|\t]/.test(tidy)) zones.set(zone, (zones.get(zone) ?? new Set()).add(tidy));
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

function tzdata() {
  const { at, version } = unpacked("tzdata");
  for (const part of readFileSync(join(at, "DEBIAN/templates"), "utf8").split("\n\n")) {
    const area = /^Template: tzdata\/Zones\/(\S+)$/m.exec(part)?.[1];
    const english = /^Choices: (.+)$/m.exec(part)?.[1];
    if (!area || !english) continue;
    const ids = choices(english);
    for (const [, language, text] of part.matchAll(/^Choices-(\w+)\.UTF-8: (.+)$/gm)) {
      const names = choices(text);
      if (!translations.has(language) || names.length !== ids.length) continue;
      for (const [index, name] of names.entries()) add(`${area}/${ids[index]}`, name.split("/").at(-1) ?? "");
    }
  }
  return version;
}

/** @param {string} language */
function thunderbird(language) {
  const { at, version } = unpacked(`thunderbird-l10n-${language}`);
  const extensions = join(at, "usr/lib/thunderbird/extensions");
  for (const pack of readdirSync(extensions)) {
    const entries = new AdmZip(join(extensions, pack)).getEntries();
    const text = entries.find((it) => it.entryName.endsWith("calendar/timezones.properties"))?.getData().toString("utf8");
    for (const [, zone, name] of (text ?? "").matchAll(/^pref\.timezone\.(\S+?) *= *(.+)$/gm)) {
      // Languages part area and city by a slash of theirs, and a few by a dash.
      const parts = name.split(/[/／]/);
      if (parts.length > 1) add(zone.replaceAll(".", "/"), parts.at(-1) ?? "");
    }
  }
  return version;
}

rmSync(folder, { recursive: true, force: true });
const debian = tzdata();
const [mozilla] = packs.map(thunderbird);
const lines = [...zones].sort(([a], [b]) => (a < b ? -1 : 1)).map(([zone, names]) => `${zone}\t${[...names].sort().join("|")}`);
writeFileSync(
  join(here, "zones.tsv"),
  `# What the cities that time zones are named after are called in other languages: by Debian's tzdata ${debian} (public
# domain) and Mozilla Thunderbird ${mozilla}'s language packs (MPL-2.0). Zone, names parted by "|". Written by zones.mjs.
${lines.join("\n")}\n`,
);
