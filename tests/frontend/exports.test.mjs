/** What is saved and under which name, and by what an isosurface is coloured. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureName, surfaceShape } from "../../frontend/js/lib/exports.js";
import { colorChoices, colorSource, fieldModels, isValued, shownName } from "../../frontend/js/lib/fields.js";
import { legendTexts } from "../../frontend/js/lib/legend.js";
import { limitOf, levelScale, shownScale } from "../../frontend/js/lib/scale.js";
import { initialState } from "../../frontend/js/store.js";
import { sample } from "./sample.mjs";

const field = (id) => ({ field: { id, elements: {} }, refining: false, error: null });
const state = (probe = {}, more = {}) => sample({
  quantity: "potential", fields: { "x-bp-energy": field("b"), "x-schnet-energy": field("s") },
  probe: { ...initialState().probe, levels: { "potential:C": { value: -0.5, chosen: true } }, ...probe }, ...more,
});

test("an isosurface is coloured by its level, by another element, or by the other network", () => {
  const [bp, schnet] = fieldModels(state());
  assert.equal(colorSource(state(), bp), null);
  assert.deepEqual(colorSource(state({ by: "O" }), bp), { model: bp, element: "O" });
  assert.deepEqual(colorSource(state({ by: "other" }), bp), { model: schnet, element: "C" });
  assert.deepEqual(colorSource(state({ by: "other" }), schnet), { model: bp, element: "C" });
  // what cannot be is the level: the probe's own element, one that no network knows, no other network
  for (const by of ["C", "Xx", "constructor"]) assert.equal(colorSource(state({ by }), bp), null);
  const alone = sample({ quantity: "probe_charge", probe: { ...initialState().probe, by: "other" } });
  assert.equal(colorSource(alone, fieldModels(alone)[0]), null);
  assert.equal(colorSource(state({ by: "O", mode: "envelope" }), bp), null);
  assert.deepEqual(colorChoices(state()).map(({ value }) => value), ["level", "other", "H", "N", "O"]);
  assert.deepEqual(colorChoices(alone).map(({ value }) => value), ["level", "H", "N", "O"]);
});

test("colours that vary on a surface have a scale, a name and a zero of their own", () => {
  assert.equal(shownScale(state()), "potential");
  assert.equal(shownScale(state({ by: "O" })), "potential_median");
  assert.equal(shownScale(state({ by: "O", centre: "zero" })), "potential");
  assert.ok(isValued(state({ by: "other" })) && !isValued(state({ by: "C" })));
  assert.equal(shownName(state({ by: "O" })), "Potential of a probe O");
  assert.equal(shownName(state({ by: "other" })), "Potential by the other network");
  assert.equal(shownName(state()), "Potential");
  // the slider's histogram keeps the scale of levels
  assert.equal(limitOf(state({ by: "O" }), levelScale(state())), limitOf(state()));
  assert.equal(legendTexts(state({ by: "O" }))?.name, "Potential of a probe O from its median, kcal/mol");
  assert.equal(legendTexts(sample({ quantity: "elements" })), null);
});

test("the surface that is saved is the one that is shown", () => {
  assert.deepEqual(surfaceShape(state(), "x-bp-energy", 3.8), { isovalue: -0.5 });
  assert.deepEqual(surfaceShape(state({ mode: "envelope" }), "x-bp-energy", 3.8), { envelope: 3.8 });
  assert.deepEqual(surfaceShape(state({ by: "O" }), "x-bp-energy", 3.8), { isovalue: -0.5, values: "b", values_element: "O" });
  assert.deepEqual(surfaceShape(state({ by: "other" }), "x-bp-energy", 3.8), { isovalue: -0.5, values: "s", values_element: "C" });
  assert.equal(surfaceShape(state(), "nobody", 3.8), null);
});

test("a picture's name says what it shows, in characters that every file system takes", () => {
  assert.equal(pictureName(state()), "formaldehyde_x-bp-energy_x-schnet-energy_potential_C_isovalue-0.5.png");
  assert.equal(pictureName(state({ mode: "envelope" })), "formaldehyde_x-bp-energy_x-schnet-energy_potential_C_envelope.png");
  const odd = { molecule: { ...sample().molecule, name: "α/β: one\\two" } };
  assert.equal(pictureName(sample(odd)), "_one_two_x-bp-energy_x-schnet-energy_contributions.png");
});
