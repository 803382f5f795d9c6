/** The languages: the same sentences in each, and the language that a reader prefers. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { isLanguage, LANGUAGES, resolveLanguage } from "../../frontend/js/lib/language.js";
import { PAGES } from "../../frontend/js/lib/pages.js";
import { PROBLEMS } from "../../frontend/js/lib/problems-de.js";
import { elementName, english, speak, text } from "../../frontend/js/lib/text.js";
import { german } from "../../frontend/js/lib/text-de.js";
import { countText, plainNumber, prettyNumber, withUnit } from "../../frontend/js/lib/units.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The leaves of a catalogue with what they are: a string, or a function of so many values. @returns {Map<string, string>} */
function kinds(node, path = "", found = new Map()) {
  if (typeof node === "string") found.set(path, "string");
  else if (typeof node === "function") found.set(path, `function of ${node.length}`);
  else for (const [key, value] of Object.entries(node)) kinds(value, path ? `${path}.${key}` : key, found);
  return found;
}

afterEach(() => speak(null));

test("German has every sentence of the catalogue, of the same kind, and no other", () => {
  const [own, base] = [kinds(german), kinds(english)];
  assert.deepEqual([...base].filter(([key, kind]) => own.get(key) !== kind).map(([key, kind]) => `${key}: ${kind}, German ${own.get(key)}`), []);
  assert.deepEqual([...own.keys()].filter((key) => !base.has(key)), []);
});

test("no longer sentence was left in English", () => {
  const [own, base] = [german, english].map((catalogue) => {
    const sentences = new Map();
    const walk = (node, path) => {
      if (typeof node === "string") sentences.set(path, node);
      else if (typeof node === "object") for (const [key, value] of Object.entries(node)) walk(value, `${path}.${key}`);
    };
    walk(catalogue, "");
    return sentences;
  });
  const same = [...base].filter(([key, value]) => own.get(key) === value && value.split(" ").length > 3 && !/source$|citations|^\.vectors\.sources|help\.keys|^\.reactions\.(list|placeholder)/.test(key));
  assert.deepEqual(same, []);
});

test("a sentence that a language lacks is said in English, not left out", () => {
  speak({ share: { button: "Teilen" } });
  assert.equal(text.share.button, "Teilen");
  assert.equal(text.share.copy, english.share.copy);
  assert.deepEqual(text.help.see, english.help.see);
  assert.equal(text.status.explained("x", 1), english.status.explained("x", 1));
  speak(null);
  assert.equal(text.share.button, "Share");
});

test("numbers have the decimal mark of the language where they are shown, and a point in files", () => {
  assert.equal(withUnit(-1.5, "energy", "eV"), "−1.500\u00a0eV");
  speak(german);
  assert.equal(withUnit(-1.5, "energy", "eV"), "−1,500\u00a0eV");
  assert.equal(prettyNumber(-131297.69, 2), "−131.297,69");
  assert.equal(prettyNumber(-0.25, 2), "−0,25");
  assert.equal(plainNumber(-0.25, 2), "-0.25");
  assert.equal(countText(133885), "133.885");
  assert.equal(elementName("N"), "Stickstoff");
});

test("no sentence of German writes a number with a decimal point", () => {
  const numbers = [...kinds(german).keys()].map((key) => key.split(".").reduce((node, part) => node?.[part], german)).filter((value) => typeof value === "string")
    .filter((said) => /\d\.\d/.test(said) && !/arXiv|133\.885|9\.999|CC BY 4\.0/.test(said));
  assert.deepEqual(numbers, []);
});

test("a browser's first known language is taken until somebody chooses", () => {
  assert.equal(resolveLanguage("system", ["de-AT", "en"]), "de");
  assert.equal(resolveLanguage("system", ["fr", "de"]), "de");
  assert.equal(resolveLanguage("system", ["fr"]), "en");
  assert.equal(resolveLanguage("system", []), "en");
  assert.equal(resolveLanguage("en", ["de"]), "en");
  assert.ok(isLanguage("system") && Object.keys(LANGUAGES).every(isLanguage));
  assert.ok(!isLanguage("toString") && !isLanguage(null));
});

test("every code of an error that has a German meaning is a code of the service", () => {
  const listed = new Set(readFileSync(join(ROOT, "docs", "http.md"), "utf8").match(/`[a-z_]+`/g)?.map((code) => code.slice(1, -1)));
  assert.deepEqual(Object.keys(PROBLEMS).filter((code) => !listed.has(code)), []);
  speak(german);
  assert.equal(text.problemOf("open_shell"), PROBLEMS.open_shell);
  assert.equal(text.problemOf("none of these"), null);
});

test("a remark of the service is said in German, and one that is not known as it is", () => {
  speak(german);
  assert.equal(text.remark("The geometry is that of the file; 4 hydrogens were added at ideal positions."), "Die Geometrie ist die der Datei; 4 Wasserstoffe wurden an idealen Orten ergänzt.");
  assert.equal(text.remark("Something new."), "Something new.");
});

test("no module keeps a part of the catalogue, which changes with the language", () => {
  const folder = join(ROOT, "frontend", "js");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js"))) {
    const kept = readFileSync(join(folder, name), "utf8").split("\n").filter((line) => /^(export )?(const|let) .*=.*\btext\.(?!elements\b)/.test(line) && !line.includes("=>"));
    assert.deepEqual(kept, [], name);
  }
});

test("every page of the header has a name and an address of its own", () => {
  assert.deepEqual(PAGES.map(({ page }) => page).sort(), Object.keys(english.pages.names).sort());
  assert.equal(new Set(PAGES.map(({ path }) => path)).size, PAGES.length);
});

test("where there is no table, none is named to those who miss a number", () => {
  for (const [catalogue, table] of [[english, /table/], [german, /Tabelle/]]) {
    assert.match(catalogue.legend.numbersLeftOut(2, true), table);
    assert.doesNotMatch(catalogue.legend.numbersLeftOut(2, false), table);
  }
});
