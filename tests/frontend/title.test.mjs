/** What the browser calls the page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pageTitle } from "../../frontend/js/lib/title.js";
import { sample } from "./sample.mjs";

const at = (page) => ({ page, id: null, query: null });

test("a page is called by what it shows, or by its name", () => {
  const state = sample();
  const named = { ...state, route: at("main"), molecule: { ...state.molecule, name: "methanol" } };
  assert.equal(pageTitle(named), "methanol – atomlens");
  const beside = { ...named, comparison: { other: { ...state.molecule, name: "ethanol" } } };
  assert.equal(pageTitle(beside), "methanol, ethanol – atomlens");
  const way = { changes: [{ atom: 0, to: "N" }], answer: {}, playing: false };
  assert.deepEqual([0, 0.4, 1].map((lambda) => pageTitle({ ...named, alchemy: { ...way, lambda } })), [
    "methanol – atomlens", "methanol → H2NO – atomlens", "H2NO – atomlens",
  ]);
  assert.equal(pageTitle({ ...named, route: at("vectors") }), "Elements – atomlens");
  assert.equal(pageTitle({ ...named, route: at("main"), molecule: null }), "atomlens");
});
