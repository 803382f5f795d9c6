/** What is saved and under which name, and by what an isosurface is coloured. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceShape, drawingParameters, drawnQuantity, explanationOf, isFiled, pictureHeading, pictureName, surfaceShape } from "../../frontend/js/lib/exports.js";
import { colorChoices, colorSource, fieldModels, isDrawn, isValued, shownName } from "../../frontend/js/lib/fields.js";
import { legendTexts } from "../../frontend/js/lib/legend.js";
import { limitOf, levelScale, shownScale } from "../../frontend/js/lib/scale.js";
import { initialState } from "../../frontend/js/store.js";
import { divided, wholeSize } from "../../frontend/js/lib/picture.js";
import { close, sample } from "./sample.mjs";

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

test("a picture's heading says molecule, quantity, probe, level and models", () => {
  const [first, second] = pictureHeading({ ...state(), unit: "eV" });
  assert.match(first, /Potential, probe C, isosurface at −0\.5/);
  assert.match(second, /x-bp-energy/);
  assert.match(second, /x-schnet-energy/);
  assert.match(pictureHeading(state({ mode: "envelope" }))[0], /probe C, on the envelope/);
  assert.doesNotMatch(pictureHeading({ ...state(), quantity: "contributions" })[0], /probe/);
});

test("between two molecules heading and name of a picture say so, and there is no other file", () => {
  const answer = { lambda: [0, 1], changes: [{ atom: 1, to: "N" }], paths: [] };
  const way = sample({ quantity: "contributions", alchemy: { changes: answer.changes, lambda: 0.5, answer, base: [] } });
  assert.match(pictureHeading(way)[0], / · 50 % of the way to CH2N · Contributions$/);
  assert.match(pictureName(way), /_lambda0\.5_to_CH2N_/);
  assert.equal(isFiled(way), false);
  const still = { ...way, alchemy: { ...way.alchemy, lambda: 0 } };
  assert.doesNotMatch(pictureHeading(still)[0], /of the way/);
  assert.doesNotMatch(pictureName(still), /lambda/);
  assert.equal(isFiled(still), true);
});

test("a picture is drawn once its surfaces are those of the finest fields", () => {
  const half = state();
  const whole = (/** @type {object} */ patch) => ({ ...half, fields: Object.fromEntries(Object.entries(half.fields).map(([name, one]) => [name, { ...one, refining: false, error: null, ...patch }])) });
  const surfaces = { "x-bp-energy": [{ key: "b C -0.5" }], "x-schnet-energy": [{ key: "s C -0.5" }] };
  assert.equal(isDrawn({ ...whole({ refining: true }), surfaces }), false);
  assert.equal(isDrawn({ ...whole({}), surfaces: {} }), false);
  assert.equal(isDrawn({ ...whole({}), surfaces: { ...surfaces, "x-bp-energy": [{ key: "older C -0.5" }] } }), false);
  assert.equal(isDrawn({ ...whole({}), surfaces }), true);
  assert.equal(isDrawn({ ...whole({ error: { code: "timeout" } }), surfaces: {} }), true);
});

test("the surface that is saved is the one that is shown", () => {
  assert.deepEqual(surfaceShape(state(), "x-bp-energy", 3.8), { isovalue: -0.5 });
  assert.deepEqual(surfaceShape(state({ bothSigns: true }), "x-bp-energy", 3.8), { isovalue: -0.5, both_signs: true });
  assert.deepEqual(surfaceShape(state({ mode: "envelope" }), "x-bp-energy", 3.8), { envelope: 3.8 });
  assert.deepEqual(surfaceShape(state({ by: "O" }), "x-bp-energy", 3.8), { isovalue: -0.5, values: "b", values_element: "O" });
  assert.deepEqual(surfaceShape(state({ by: "other" }), "x-bp-energy", 3.8), { isovalue: -0.5, values: "s", values_element: "C" });
  assert.equal(surfaceShape(state(), "nobody", 3.8), null);
  assert.equal(surfaceShape(state({ mode: "slice" }), "x-bp-energy", 3.8), null, "a plane is no surface of the field");
});

test("the difference of two networks on the envelope is a file of the second's field", () => {
  assert.deepEqual(differenceShape(state({ mode: "envelope" }, { layout: "difference" }), 3.8), { field: "s", shape: { envelope: 3.8, less: "b" } });
  assert.equal(differenceShape(state({ mode: "envelope" }), 3.8), null, "the picture does not show it");
  assert.equal(differenceShape(state({ mode: "slice" }, { layout: "difference" }), 3.8), null, "a plane is no surface of the field");
  assert.equal(differenceShape(state({ mode: "isosurface" }, { layout: "difference" }), 3.8), null, "isosurfaces have no points in common");
});

test("a picture of any size has room for its panes, titles and legend, and letters that fit it", () => {
  const shown = { width: 800, height: 434 };
  const parts = { panes: 2, room: true, legend: true, heading: false };
  const whole = wholeSize(shown, parts);
  assert.deepEqual(whole, { width: 800, height: 500 });
  assert.deepEqual(divided(whole, shown, parts), { frame: { width: 400, height: 434 }, ratio: 1 });
  assert.deepEqual(divided({ width: 1600, height: 1000 }, shown, parts), { frame: { width: 400, height: 434 }, ratio: 2 });
  for (const size of [{ width: 1920, height: 1080 }, { width: 300, height: 900 }, { width: 4000, height: 200 }]) {
    const { frame, ratio } = divided(size, shown, parts);
    assert.ok(close(frame.width * 2 * ratio, size.width, 1e-6));
    assert.ok(close((frame.height + 66) * ratio, size.height, 1e-6));
    assert.ok(ratio <= size.width / whole.width + 1e-9 && ratio <= size.height / whole.height + 1e-9);
  }
  const headed = { ...parts, heading: true };
  assert.deepEqual(wholeSize(shown, headed), { width: 800, height: 554 });
  assert.deepEqual(divided({ width: 800, height: 554 }, shown, headed), { frame: { width: 400, height: 434 }, ratio: 1 });
});

test("files of the atoms hold what is shown, and a drawing takes the picture's quantity, unit and limit", () => {
  assert.deepEqual(explanationOf(state()), { molecule: "f00d", models: ["x-schnet-energy", "x-bp-dipole", "x-bp-energy"] });
  const answers = sample().predictions;
  const opened = { id: "v", created: "", changed: [] };
  assert.deepEqual(explanationOf(sample({ answers, opened })), { view: "v" });
  // that of a comparison holds more networks than are seen
  const fewer = { answers, predictions: answers.slice(0, 1), opened };
  assert.deepEqual(explanationOf(sample(fewer)), { molecule: "f00d", models: ["x-schnet-energy"] });
  assert.deepEqual(explanationOf(sample({ ...fewer, opened: { ...opened, changed: ["x-schnet-energy"] } })), { view: "v" });
  assert.deepEqual(drawingParameters(sample({ unit: "Ha", limits: { output: 0.5 } })), { quantity: "contributions", unit: "Ha", limit: "0.5" });
  assert.equal(drawingParameters(sample({ contributionView: "atomization", limits: { atomization: 7 } })).limit, "7");
  assert.equal(drawnQuantity(sample({ contributionView: "atomization" })), "atomization");
  assert.deepEqual(drawingParameters(sample({ quantity: "charges" })), { quantity: "charges", unit: "kcal/mol", limit: "0.6" });
  assert.equal(drawnQuantity(sample({ quantity: "probe_charge" })), "charges");
  assert.equal(drawnQuantity(sample({ molecule: { ...sample().molecule, cell: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] } })), null);
  assert.ok(isFiled(sample()) && !isFiled(sample({ molecule: null })));
  const way = { changes: [], lambda: 0.5, answer: { lambda: [], changes: [], paths: [] }, base: [] };
  assert.ok(!isFiled(sample({ alchemy: way })) && isFiled(sample({ alchemy: { ...way, lambda: 0 } })));
});

test("a picture's name says what it shows, in characters that every file system takes", () => {
  assert.equal(pictureName(state()), "formaldehyde_x-bp-energy_x-schnet-energy_potential_C_isovalue-0.5eV.png");
  assert.equal(pictureName(state({ mode: "envelope" })), "formaldehyde_x-bp-energy_x-schnet-energy_potential_C_envelope.png");
  assert.equal(pictureName(state({ mode: "envelope" }, { layout: "difference" })), "formaldehyde_x-bp-energy_x-schnet-energy_difference_potential_C_envelope.png");
  assert.equal(pictureName(sample({ quantity: "contributions", layout: "difference" })), "formaldehyde_x-bp-energy_x-schnet-energy_difference_contributions.png");
  assert.equal(pictureName(state({ mode: "slice" }), "html"), "formaldehyde_x-bp-energy_x-schnet-energy_potential_C_slice.html");
  const odd = { molecule: { ...sample().molecule, name: "α/β: one\\two" } };
  assert.equal(pictureName(sample(odd)), "_one_two_x-bp-energy_x-schnet-energy_contributions.png");
});
