/** What the page loads: everything that it needs, all of it at once, and nothing from elsewhere. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const FRONTEND = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "frontend");
const page = readFileSync(join(FRONTEND, "index.html"), "utf8");
const sources = (folder, ending) =>
  readdirSync(join(FRONTEND, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));

/** What not every reader needs: loaded when it is asked for, and whatever it alone imports. */
const LAZY = ["vendor/driver.js", "vendor/openchemlib.js", "vendor/uqr.js", "js/lib/text-de.js", "js/lib/problems-de.js", "js/lib/sentences-de.js", "js/lib/cards-de.js", "js/lib/environments-de.js", "js/lib/names-de.js", "js/panels/help.js", "js/tour.js"].map((path) => join(...path.split("/")));

/** @param {string} path in frontend/ @param {Set<string>} found @param {string[]} left out */
function follow(path, found = new Set(), left = []) {
  if (left.includes(path)) return found;
  if (found.has(path)) return found;
  found.add(path);
  // types are named in comments as import("…"), which only modules of JavaScript end in .js outside of them
  const code = readFileSync(join(FRONTEND, path), "utf8").replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
  const names = path.startsWith("vendor") ? code.matchAll(/from\s*"(\.[^"]+)"/g) : code.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  for (const [, name] of names) follow(relative(FRONTEND, join(FRONTEND, dirname(path), name)), found, left);
  return found;
}

test("every file that the built page needs is preloaded, and no other", () => {
  const built = readFileSync(join(FRONTEND, "bundle", "index.html"), "utf8");
  const listed = [...built.matchAll(/<link rel="modulepreload" href="\/([^"]+)">/g)].map(([, path]) => path);
  assert.equal(new Set(listed).size, listed.length);
  const viewer = readdirSync(join(FRONTEND, "bundle")).filter((name) => /^viewer-/.test(name));
  const needed = new Set(["main.js", ...viewer]);
  for (const name of needed) {
    for (const [, other] of readFileSync(join(FRONTEND, "bundle", name), "utf8").matchAll(/\b(?:import|from)\s*"\.\/([^"]+)"/g)) needed.add(other);
  }
  assert.deepEqual([...listed].sort(), [...needed].map((name) => `bundle/${name}`).sort());
  const size = [...needed].reduce((sum, name) => sum + readFileSync(join(FRONTEND, "bundle", name)).length, 0);
  const whole = [...follow(join("js", "main.js"), new Set(), LAZY)].reduce((sum, path) => sum + readFileSync(join(FRONTEND, path)).length, 0);
  assert.ok(size < 0.8 * whole, "what not every reader needs stays apart, and the rest is minified");
});

test("what is loaded when it is asked for is asked for by import() alone", () => {
  // a saved page has nowhere to ask
  const alone = join("js", "offline.js");
  for (const path of sources("js", ".js").filter((name) => !LAZY.includes(name) && name !== alone)) {
    const code = readFileSync(join(FRONTEND, path), "utf8").replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
    for (const [, name] of code.matchAll(/from\s*"(\.[^"]+)"/g)) assert.ok(!LAZY.includes(relative(FRONTEND, join(FRONTEND, dirname(path), name))), `${path}: ${name}`);
  }
});

test("every file that the page names is there, and every style sheet is named", () => {
  const named = [...page.matchAll(/(?:href|src)="\/([^"]*)"/g)].map(([, path]) => path);
  for (const path of named) assert.ok(existsSync(join(FRONTEND, path)), path);
  assert.deepEqual(named.filter((path) => path.endsWith(".css")).sort(), sources("css", ".css").filter((path) => path !== join("css", "tour.css")).sort());
});

test("no module lies in the folder that nothing imports", () => {
  const used = follow(join("js", "offline.js"), follow(join("js", "main.js")));
  assert.deepEqual(sources("js", ".js").filter((path) => !used.has(path)), [join("js", "theme-early.js")]);
});

test("nothing in the page names another machine", () => {
  for (const path of ["index.html", ...sources("js", ".js"), ...sources("css", ".css")]) {
    const text = readFileSync(join(FRONTEND, path), "utf8");
    const addresses = [...text.matchAll(/https?:\/\/[^\s"')>]+/g)].map(([address]) => address);
    const cited = ["https://bottosson.github.io/posts/oklab/;", "http://www.w3.org/2000/svg"];
    assert.deepEqual(addresses.filter((address) => !cited.includes(address)), [], path);
  }
});

test("only viewer.js draws with 3Dmol, only api.js fetches, and no panel imports another", () => {
  for (const path of sources("js", ".js")) {
    const code = readFileSync(join(FRONTEND, path), "utf8");
    if (path !== join("js", "viewer.js")) assert.ok(!code.includes("3Dmol.js\""), `${path} imports 3Dmol`);
    if (path !== join("js", "api.js")) assert.ok(!/\bfetch\(/.test(code), `${path} fetches`);
    if (path.startsWith(join("js", "panels"))) assert.ok(!/from "\.\/(?!\.)/.test(code), `${path} imports a panel`);
  }
});

test("every sentence of the catalogue is said somewhere", async () => {
  const { text } = await import("../../frontend/js/lib/text.js");
  const code = sources("js", ".js").map((path) => readFileSync(join(FRONTEND, path), "utf8")).join("\n");
  for (const [group, entries] of Object.entries(text)) {
    if (typeof entries === "string") assert.ok(code.includes(`text.${group}`), group);
    else for (const name of Object.keys(entries)) assert.ok(spoken(code, group, name), `${group}.${name}`);
  }
});

/** @param {string} code @param {string} group @param {string} name */
function spoken(code, group, name) {
  if (new RegExp(`text\\.${group}\\.${name}\\b`).test(code)) return true;
  if (new RegExp(`text\\.${group}(\\[|;|\\))`).test(code) || group === "elements") return true; // chosen by a key, or taken whole
  return new RegExp(`\\bconst names = text\\.${group}\\.names`).test(code) && name === "names";
}
