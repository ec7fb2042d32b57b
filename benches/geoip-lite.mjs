// The npm package geoip-lite beside the packaged data, in one run: how long it takes to load and to look up, how much
// memory it holds, and how often the two name one country.
//
//     npm install --no-save geoip-lite && cargo build --release && node benches/geoip-lite.mjs [--browsers]
//
// With --browsers the packaged data is unpacked and asked in headless Chromium and Firefox as well.
//
// geoip-lite's data is under a licence that does not allow to ship old copies of it: it is measured against, never used.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const COUNT = 200_000;
const root = new URL("..", import.meta.url).pathname;
const require = createRequire(import.meta.url);

const before = process.memoryUsage.rss();
let start = performance.now();
const geoip = require("geoip-lite");
geoip.lookup("8.8.8.8");
console.log(`geoip-lite: loaded in ${(performance.now() - start).toFixed(0)} ms`);
console.log(`geoip-lite: ${((process.memoryUsage.rss() - before) / 1e6).toFixed(0)} MB more resident`);

let random = 2463534242;
const addresses = Array.from({ length: COUNT }, () => {
  random ^= random << 13;
  random ^= random >>> 17;
  random ^= random << 5;
  return [24, 16, 8, 0].map((bits) => (random >>> bits) & 255).join(".");
});
start = performance.now();
const theirs = addresses.map((address) => geoip.lookup(address)?.country || null);
console.log(`geoip-lite: ${(((performance.now() - start) * 1e6) / COUNT).toFixed(0)} ns a look-up`);

const shell = spawnSync(`${process.env.CARGO_TARGET_DIR ?? `${root}target`}/release/latchkey`, ["address"], {
  input: addresses.join("\n"),
  maxBuffer: 1 << 28,
});
const ours = shell.stdout.toString().trim().split("\n").map((line) => JSON.parse(line)?.country ?? null);
const both = addresses.map((_, index) => [ours[index], theirs[index]]).filter(([one, other]) => one && other);
const same = both.filter(([one, other]) => one === other).length;
console.log(`the same country: ${((same * 100) / both.length).toFixed(1)} % of ${both.length} random addresses that both know`);

const bench = spawnSync("cargo", ["bench", "--quiet", "--bench", "known"], { cwd: root });
console.log(bench.stdout.toString().trim());

for (const browser of process.argv.includes("--browsers") ? ["chrome", "firefox"] : []) {
  const run = spawnSync(
    "wasm-pack",
    ["test", "--headless", `--${browser}`, "--mode", "no-install", "--release", `${root}tests/web`, "--", "known", "--nocapture"],
    // Small rather than fast, as it ships.
    { cwd: root, env: { ...process.env, CARGO_PROFILE_RELEASE_OPT_LEVEL: "z", PATH: `${root}target/tools/bin:${process.env.PATH}` } },
  );
  const line = run.stdout.toString().split("\n").find((line) => line.includes("networks unpacked"));
  console.log(`${browser}: ${line?.trim() ?? `no figures\n${run.stderr}`}`);
}
