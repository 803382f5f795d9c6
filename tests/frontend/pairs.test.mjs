import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnPairs, lineRadius, shownPairs } from "../../frontend/js/lib/pairs.js";
import { paneAtoms, paneLines, panes, shownLabels } from "../../frontend/js/lib/panes.js";
import { shownScale } from "../../frontend/js/lib/scale.js";
import { coloredValues } from "../../frontend/js/lib/scale.js";
import { sample } from "./sample.mjs";

const found = {
  model: "x-bp-energy", cutoff: 6, atoms: [[0, 2], [0, 1], [2, 3]], distances: [1.1, 1.2, 1.8], values: [0.4, -0.8, 0.001],
  bonded: [true, true, false],
};
const state = (changes) => sample({ quantity: "pairs", pairs: { "x-bp-energy": found }, ...changes });

test("bonds are shown, the rest on demand, and of the rest only what can be seen is drawn", () => {
  assert.deepEqual(shownPairs({ pairsBeyond: false }, found).map(({ atoms }) => atoms), [[0, 2], [0, 1]]);
  const all = shownPairs({ pairsBeyond: true }, found);
  assert.equal(all.length, 3);
  assert.equal(drawnPairs(all, 1).length, 2);
  assert.equal(drawnPairs(all, 0.01).length, 3);
});

test("the stronger a pair the thicker its line, to the end of the scale", () => {
  assert.ok(lineRadius(0, 1) < lineRadius(-0.5, 1));
  assert.equal(lineRadius(0.5, 1), lineRadius(-0.5, 1));
  assert.equal(lineRadius(1, 1), lineRadius(7, 1));
});

test("a pane has its own model's lines, in the colours of the scale, and atoms in those of the elements", () => {
  const [bp, schnet] = panes(state());
  assert.deepEqual(paneLines(state(), bp).map(({ from, to, bonded }) => [from, to, bonded]), [[0, 2, true], [0, 1, true]]);
  assert.deepEqual(paneLines(state(), schnet), [], "not answered yet");
  assert.equal(paneLines(sample(), panes(sample())[0]), null, "other quantities keep their bonds");
  assert.notEqual(paneAtoms(state(), bp).atomColors[0], paneAtoms(state(), bp).atomColors[1]);
  assert.equal(shownLabels(state()), "atoms");
});

test("the scale is that of pairs, and its ticks are those shown", () => {
  assert.equal(shownScale(state()), "pairs");
  assert.deepEqual(coloredValues(state()), [0.4, -0.8]);
  assert.equal(coloredValues(state({ pairsBeyond: true })).length, 3);
});
