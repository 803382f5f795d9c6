/** Links in other places: code to embed, receipts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { attribute, embedCode, FRAMES, sharedOf } from "../../frontend/js/lib/links.js";
import { largestDifferences, trainedOn } from "../../frontend/js/lib/receipt.js";
import { sample } from "./sample.mjs";

test("the code to embed names the view without surroundings, with a title that cannot leave its attribute", () => {
  const code = embedCode("https://host:8000/v/a-b_C9", 'x" onload="alert(1)<&', FRAMES["320x240"]);
  assert.ok(code.startsWith('<iframe src="https://host:8000/embed/a-b_C9" title="x&quot; onload=&quot;alert(1)&lt;&amp;" width="320" height="240"'));
  assert.equal(code.match(/"/g).length % 2, 0);
  assert.equal(attribute('&lt;"'), "&amp;lt;&quot;");
});

const compared = (unit, part, total, largest) => ({ unit, contribution_unit: part, total_difference: total, largest_difference: largest });

test("differences are the largest by unit, and those that could not be computed are none", () => {
  const models = [compared("eV", "eV", 0, 2e-13), compared("debye", "e", 0, 0), compared("eV", "eV", 1.25e-9, 0)];
  assert.equal(largestDifferences(models, "eV"), "1.3e\u22129 eV, 0 D, 0 e");
  assert.equal(largestDifferences([compared("eV", "eV", null, null)], "eV"), "");
  assert.equal(largestDifferences(models, "kcal/mol").split(",")[0], "2.9e\u22128 kcal/mol");
});

test("what a network learned from is said once, also where the data are called by their level", () => {
  assert.equal(trainedOn({ data: "QM9", level: "B3LYP/6-31G(2df,p)" }), "QM9, B3LYP/6-31G(2df,p)");
  assert.equal(trainedOn({ data: "GFN2-xTB dipole moments", level: "GFN2-xTB" }), "GFN2-xTB dipole moments");
});

test("a link is out of date as soon as the page shows something else, and not before", () => {
  const state = sample({ theme: "light" });
  const link = sharedOf(state);
  const alike = { text: "CC", hover: 2, busy: "…", share: { url: "", of: "", id: "", deleteToken: "" }, camera: [0, 0, 0, 5, 0, 0, 0, 1] };
  assert.equal(sharedOf({ ...state, ...alike }), link);
  for (const change of [{ quantity: "charges" }, { unit: "eV" }, { selected: [1] }, { theme: "dark" }, { molecule: { ...state.molecule, id: "beef" } }, { layout: "first" }]) {
    assert.notEqual(sharedOf({ ...state, ...change }), link, JSON.stringify(change));
  }
});
