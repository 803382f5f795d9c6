import assert from "node:assert/strict";
import { test } from "node:test";
import { currentLevel, fieldModels, levelRange, median, probeElement, quantile, reachesOutside, sliderStep, suggestedLevel } from "../../frontend/js/lib/fields.js";
import { hasAtomValues, paneAtoms, panes, shownLabels } from "../../frontend/js/lib/panes.js";
import { atomizationOffered, atomTrust, atomValues, beyondTraining, columns, isOffered, isQuantity, modelOf, predictionsOf, worstTrust } from "../../frontend/js/lib/quantities.js";
import { remarksOn } from "../../frontend/js/lib/remarks.js";
import { shownScale } from "../../frontend/js/lib/scale.js";
import { close, sample } from "./sample.mjs";

test("BP stands before SchNet, whatever the order of the answer", () => {
  assert.deepEqual(predictionsOf(sample(), "energy").map(({ model }) => model.name), ["x-bp-energy", "x-schnet-energy"]);
  assert.deepEqual(panes(sample()).map(({ title }) => title), ["BP", "SchNet"]);
});

test("the table has a column for each model of the quantity, and all models beside the bare structure", () => {
  const names = (quantity) => columns(sample({ quantity })).map(({ key }) => key);
  assert.deepEqual(names("contributions"), ["x-bp-energy", "x-schnet-energy"]);
  assert.deepEqual(names("charges"), ["x-bp-dipole"]);
  assert.deepEqual(names("elements"), ["x-bp-energy", "x-schnet-energy", "x-bp-dipole"]);
});

test("any set of models can be shown: one alone, or none", () => {
  const { predictions } = sample();
  assert.equal(panes(sample({ predictions: predictions.slice(0, 1) })).length, 1);
  assert.deepEqual(panes(sample({ predictions: [] })).map(({ model }) => model), [null], "the structure alone");
  assert.deepEqual(columns(sample({ predictions: [] })), []);
  assert.equal(panes(sample({ quantity: "elements", predictions: [] })).length, 1);
});

test("a quantity that no model gives is not offered, and has no scale", () => {
  const state = sample({ quantity: "charges", predictions: sample().predictions.slice(0, 1) });
  const offered = ["contributions", "charges", "potential", "probe_charge", "elements"].filter((quantity) => isOffered(state, quantity));
  assert.deepEqual(offered, ["contributions", "potential", "elements"]);
  assert.equal(shownScale(state), null);
});

test("against free atoms a contribution is e + reference − free atom, where every model gives them", () => {
  const state = sample({ contributionView: "atomization" });
  const [{ model, prediction }] = predictionsOf(state, "energy");
  const expected = [0.5 - 1036 + 1029.9, -0.6 - 2047 + 2042.6, 0.7 - 16.7 + 13.6, -0.8 - 16.7 + 13.6];
  assert.ok(atomValues(state, model, prediction).every((value, i) => close(value, expected[i], 1e-9)));
  const without = sample({ contributionView: "atomization", models: state.models.map((m) => ({ ...m, free_atom_energies: null })) });
  assert.ok(!atomizationOffered(without));
  assert.deepEqual(atomValues(without, without.models[1], prediction), prediction.contributions);
});

test("no grade of trust is not a good grade", () => {
  assert.equal(worstTrust([]), null);
  assert.equal(worstTrust(["inside", "outside", "unusual"]), "outside");
  const grades = [{ trust: ["inside", "unusual"] }, { trust: null }];
  assert.equal(atomTrust(grades, 1), "unusual");
  assert.equal(atomTrust([{ trust: null }], 0), null);
});

test("a molecule larger than those of the training says by how much", () => {
  const state = sample();
  assert.equal(beyondTraining(state), null);
  const larger = { ...state, molecule: { ...state.molecule, numbers: Array(11).fill(6) } };
  assert.deepEqual(beyondTraining(larger), { heavy: 11, trained: 9 });
});

test("a model that is gone is named by what its prediction says, and has no field", () => {
  const state = sample({ models: [], quantity: "potential" });
  assert.equal(modelOf([], state.predictions[0]).family, "schnet");
  assert.equal(panes(state).length, 2);
  assert.deepEqual(fieldModels(state), []);
});

test("atoms have values and labels of them only where the picture colours them by values", () => {
  assert.ok(hasAtomValues(sample()));
  assert.ok(!hasAtomValues(sample({ quantity: "potential" })));
  assert.equal(shownLabels(sample({ quantity: "potential" })), "none");
  assert.equal(shownLabels(sample({ quantity: "elements" })), "atoms");
  const [pane] = panes(sample());
  assert.deepEqual(paneAtoms(sample(), pane).labels, ["+11.5", "−13.8", "+16.1", "−18.4"]);
});

test("an envelope coloured from its median has a scale of its own", () => {
  const probe = { ...sample().probe, mode: "envelope" };
  assert.equal(shownScale(sample({ quantity: "potential", probe })), "potential_median");
  assert.equal(shownScale(sample({ quantity: "potential", probe: { ...probe, centre: "zero" } })), "potential");
  assert.equal(shownScale(sample({ quantity: "elements" })), null);
});

test("quantities of links are told from other words", () => {
  assert.ok(isQuantity("probe_charge"));
  for (const other of ["toString", "", 3, null]) assert.ok(!isQuantity(other));
});

const field = (minimum, maximum, suggested) => ({
  minimum, maximum, at_infinity: 0, suggested_isovalue: suggested,
  histogram: { edges: [minimum, (minimum + maximum) / 2, maximum], counts: [50, 50] },
});

test("the level suggested for two models lies between theirs, where both reach it", () => {
  assert.equal(suggestedLevel([field(-4, 0.1, -1), field(-5, 0.1, -3)]), -2);
  assert.equal(suggestedLevel([field(-1.5, 0.1, -1), field(-5, 0.1, -3)]), -1, "a mean that one of them does not reach");
  assert.equal(suggestedLevel([field(-4, 4, -1), field(-5, 4, 3)]), -1, "different signs have no useful mean");
  assert.equal(suggestedLevel([]), null);
  // within the atoms one goes far beyond what it has outside
  const cored = { ...field(-1, 0.1, 0.05), maximum: 900 };
  assert.ok(reachesOutside(cored, 0.05) && !reachesOutside(cored, 3));
  const positive = { ...field(-0.5, 4, 3), minimum: -80 };
  const level = suggestedLevel([positive, { ...field(-5, 0, -4), maximum: 900 }]);
  assert.ok(level < 0 && level > -0.5, `of both there are surfaces outside of the atoms at ${level}`);
});

test("a level that a person chose is kept instead of the suggested one", () => {
  const fields = { "x-bp-energy": { field: { elements: { C: field(-4, 0, -1) } } }, "x-schnet-energy": { field: { elements: { C: field(-4, 0, -3) } } } };
  const state = sample({ quantity: "potential", fields });
  assert.equal(currentLevel(state), -2);
  const probe = { ...state.probe, levels: { "potential:C": { value: -0.5, chosen: true } } };
  assert.equal(currentLevel({ ...state, probe }), -0.5);
});

test("the probe is an element that all shown models know", () => {
  const state = sample({ quantity: "potential" });
  assert.equal(probeElement({ ...state, probe: { ...state.probe, element: "Br" } }), "C");
  assert.equal(probeElement({ ...state, probe: { ...state.probe, element: "O" } }), "O");
});

test("the slider's range holds zero and the level, in round steps", () => {
  const range = levelRange([field(-4, -1, -2)], -2);
  assert.ok(range.low < -3.9 && range.high > 0);
  assert.equal(levelRange([], -2), null);
  // at its ends, and beyond, it is no wider than the level
  for (const end of [range.low, range.high, -50, 7]) {
    const [once, level] = [levelRange([field(-4, -1, -2)], end), end];
    assert.deepEqual(once, { low: Math.min(range.low, level), high: Math.max(range.high, level) });
  }
  assert.deepEqual([[-1, 1], [0, 150], [-0.02, 0.01]].map(([low, high]) => sliderStep(low, high)), [0.01, 0.5, 0.0001]);
});

test("quantiles and medians are those of the values", () => {
  assert.equal(quantile({ edges: [0, 1, 2], counts: [50, 50] }, 0.75), 1.5);
  assert.equal(median(Float32Array.of(3, -1, 2)), 2);
  assert.equal(median(Float32Array.of(4, -1, 2, 3)), 2.5);
  assert.equal(median(new Float32Array(0)), 0);
});

test("that geometries away from rest are strange is said of networks that are shown and have seen no others", () => {
  const note = "Atoms were moved by hand.";
  const state = sample();
  const moved = { ...state.molecule, geometry: { source: "moved by hand", method: null, note }, warnings: ["Something else."] };
  const knowing = (pattern) => ({ ...state, molecule: moved, models: state.models.map((one) => ({ ...one, knows_displaced: pattern.test(one.name) })) });
  assert.deepEqual(remarksOn(knowing(/nothing/)), [note, "Something else."]);
  assert.deepEqual(remarksOn(knowing(/bp-energy/)), [note, "Something else."]);
  assert.deepEqual(remarksOn(knowing(/energy/)), ["Something else."]);
  assert.deepEqual(remarksOn({ ...knowing(/energy/), quantity: "charges" }), [note, "Something else."]);
});
