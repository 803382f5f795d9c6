/** Values as they are read: differences, sums of fragments, arrows, bars, references, meanings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dipoleArrow, forceScale, paneArrows, shownForces } from "../../frontend/js/lib/arrows.js";
import { barAxis, barChart } from "../../frontend/js/lib/bars.js";
import { describeAtom, describeMolecule } from "../../frontend/js/lib/describe.js";
import { differenceName, differenceOf, differencePairs, differenceSurfaces, shownDifference } from "../../frontend/js/lib/differences.js";
import { deviation, fragmentRows, spreadOfSum } from "../../frontend/js/lib/fragment.js";
import { meaningOf } from "../../frontend/js/lib/meaning.js";
import { panes } from "../../frontend/js/lib/panes.js";
import { atomReadout } from "../../frontend/js/lib/readout.js";
import { awaited, comparable } from "../../frontend/js/lib/references.js";
import { coloredValues } from "../../frontend/js/lib/scale.js";
import { isSelection, toggled } from "../../frontend/js/lib/selection.js";
import { close, sample } from "./sample.mjs";

const DIFFERENCE = [-0.4, 0.4, -0.4, 0.4];
const near = (actual, expected) => {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => assert.ok(close(value, expected[i]), `${actual} is not ${expected}`));
};

test("the difference is the second network less the first, on a pane and a scale of its own only where it is asked for", () => {
  const state = sample();
  const found = differenceOf(state);
  assert.equal(found.name, "SchNet − BP");
  near(found.values, DIFFERENCE);
  assert.equal(shownDifference(state), null);
  assert.deepEqual(panes(state).map(({ title }) => title), ["BP", "SchNet"]);
  const asked = { ...state, layout: "difference" };
  assert.deepEqual(panes(asked).map(({ title, slot }) => `${slot} ${title}`), ["0 BP", "1 SchNet", "2 SchNet − BP"]);
  near(panes(asked)[2].values, DIFFERENCE);
  near(coloredValues(asked).slice(-4), DIFFERENCE);
  for (const quantity of ["potential", "pairs", "elements"]) assert.equal(differenceOf({ ...state, quantity }), null);
  assert.equal(differenceOf({ ...state, quantity: "charges" }), null, "there is one dipole model");
});

const mesh = (values, positions = [0, 0, 0, 1, 0, 0]) => ({ positions: Float32Array.from(positions), normals: new Float32Array(6), values: Float32Array.from(values), indices: new Uint32Array(0) });
const surface = (values, median, positions) => ({ key: `k${values}`, level: null, median, mesh: mesh(values, positions) });

test("surfaces of the same points are subtracted point by point, once for the same surfaces", () => {
  const state = sample({ quantity: "potential", layout: "difference" });
  state.probe = { ...state.probe, mode: "envelope" };
  const [bp, schnet] = panes(state).map(({ model }) => model?.name);
  const drawn = { [bp]: [surface([1, 2], 1)], [schnet]: [surface([1.5, 4], 3)] };
  const shown = { ...state, surfaces: drawn };
  const [less] = differenceSurfaces(shown);
  assert.deepEqual([[...less.mesh.values], less.median, less.level], [[0.5, 2], 2, null]);
  assert.equal(differenceSurfaces({ ...shown }), differenceSurfaces(shown), "what has not changed is not drawn anew");
  assert.deepEqual(panes(shown).map(({ title, difference }) => [title, difference ?? false]), [["BP", false], ["SchNet", false], ["SchNet − BP", true]]);
  assert.deepEqual(differenceSurfaces({ ...shown, layout: "both" }), []);
  const moved = { ...drawn, [schnet]: [surface([1.5, 4], 3, [0, 0, 0, 1, 0, 0.5])] };
  assert.deepEqual(differenceSurfaces({ ...shown, surfaces: moved }), [], "of other points there is no difference");
  const cut = { ...shown, probe: { ...state.probe, mode: "isosurface" } };
  assert.equal(differenceName(cut), null);
  assert.deepEqual(panes(cut).map(({ title }) => title), ["BP", "SchNet"]);
});

test("pairs are subtracted as far as both networks have them", () => {
  const state = sample({ quantity: "pairs", layout: "difference" });
  const [bp, schnet] = panes(state).map(({ model }) => model?.name);
  const pairs = (atoms, values) => ({ atoms, values, distances: values.map(() => 1), bonded: values.map(() => true), cutoff: 5 });
  const shown = { ...state, pairs: { [bp]: pairs([[0, 1], [1, 2]], [1, 2]), [schnet]: pairs([[1, 2], [0, 3]], [5, 7]) } };
  assert.deepEqual(differencePairs(shown).map(({ atoms, value }) => [...atoms, value]), [[1, 2, 3]]);
  assert.deepEqual(differencePairs({ ...shown, layout: "both" }), []);
});

test("the difference of two networks is spoken of where it is shown", () => {
  const state = sample({ unit: "eV" });
  assert.ok(!describeAtom(state, 1).includes("SchNet − BP"));
  const asked = { ...state, layout: "difference" };
  assert.ok(describeAtom(asked, 1).includes("SchNet: contribution −0.200\u00a0eV. SchNet − BP: +0.400\u00a0eV."), describeAtom(asked, 1));
  assert.ok(describeMolecule(asked).join(" ").includes("SchNet − BP: Highest difference: "));
  assert.ok(!describeMolecule(state).join(" ").includes("difference"));
});

test("a molecule without a name is described by its formula once", () => {
  const state = sample();
  assert.match(describeMolecule(state)[0], /^formaldehyde, CH2O: 4 atoms \(/);
  for (const name of [null, "", "CH2O"]) assert.match(describeMolecule({ ...state, molecule: { ...state.molecule, name } })[0], /^CH2O: 4 atoms \(/);
});

test("the spread of a sum is that of the members' sums, not of the atoms' spreads", () => {
  const members = [[1, -1, 5], [2, -2, 5], [3, -3, 5]];
  assert.equal(spreadOfSum(members, [0]), 1);
  assert.equal(spreadOfSum(members, [0, 1]), 0, "what one member moves from atom to atom leaves the sum");
  assert.equal(spreadOfSum(members, [0, 2]), 1);
  assert.equal(spreadOfSum([[1, 2, 3]], [0]), null, "one member has no spread");
  assert.equal(deviation([]), null);
});

test("a fragment has a sum and a spread for each network, and none of members of another checkpoint", () => {
  const state = sample();
  const [bp] = state.predictions.filter(({ model }) => model === "x-bp-energy");
  bp.contribution_spread = [0.3, 0.4, 0.1, 0.1];
  state.members = { "x-bp-energy": { model: bp.model, checkpoint: bp.checkpoint, contributions: [[0.2, -0.3, 0.7, -0.8], [0.8, -0.9, 0.7, -0.8]] } };
  const rows = fragmentRows(state, [0, 1]);
  assert.deepEqual(rows.map(({ name }) => name), ["BP", "SchNet", "SchNet − BP"]);
  near(rows.map(({ sum }) => sum), [-0.1, -0.1, 0]);
  assert.ok(close(rows[0].spread, 0));
  assert.ok(close(rows[0].independent, 0.5));
  assert.equal(rows[1].spread, null);
  const stale = { ...state, members: { "x-bp-energy": { ...state.members["x-bp-energy"], checkpoint: "another" } } };
  assert.equal(fragmentRows(stale, [0, 1])[0].spread, null);
  assert.equal(fragmentRows({ ...state, moving: { molecule: state.molecule } }, [0, 1])[0].spread, null, "members of where it was");
});

test("a dipole's arrow points from − to + for physicists, the other way and crossed at + for chemists, through the middle", () => {
  const positions = [[0, 0, 0], [2, 0, 0]];
  const [physics] = dipoleArrow([3, 0, 0], positions, "physics");
  assert.deepEqual([physics.from, physics.to, physics.cross], [[-0.5, 0, 0], [2.5, 0, 0], null]);
  const [chemistry] = dipoleArrow([3, 0, 0], positions, "chemistry");
  assert.deepEqual([chemistry.from, chemistry.to], [[2.5, 0, 0], [-0.5, 0, 0]]);
  assert.ok(chemistry.cross[0] < 2.5 && chemistry.cross[0] > 1, "near the positive end");
  assert.deepEqual(dipoleArrow([3, 0, 0], positions, "none"), []);
  assert.deepEqual(dipoleArrow([0, 0, 0], positions, "physics"), [], "benzene has none");
});

test("forces are arrows from their atoms on one scale for all networks, in the unit shown", () => {
  const state = sample({ showForces: true });
  const forces = { "x-bp-energy": [[2, 0, 0], [-2, 0, 0], [0, 0, 0], [0, 0.2, 0]], "x-schnet-energy": [[1, 0, 0], [-1, 0, 0], [0, 0, 0], [0, 0, 0]] };
  state.forces = Object.fromEntries(Object.entries(forces).map(([model, found]) => [model, { model, checkpoint: `sha of ${model}`, forces: found }]));
  assert.equal(shownForces(state).length, 2);
  const [bp, schnet] = panes(state).map((pane) => paneArrows(state, pane, state.molecule.positions));
  assert.equal(bp.length, 3, "no arrow where there is no force");
  const length = ({ from, to }) => Math.hypot(...from.map((x, k) => to[k] - x));
  assert.ok(close(length(bp[0]), 2 * length(schnet[0])));
  assert.deepEqual(bp[0].from, state.molecule.positions[0]);
  assert.ok(bp[0].to[0] > 0 && bp[1].to[0] < 1.2);
  assert.ok(length(bp[0]) <= 2 + 1e-9);
  const inEv = { ...state, unit: "eV" };
  assert.ok(close(length(paneArrows(inEv, panes(inEv)[0], state.molecule.positions)[0]) * forceScale(inEv), 2), "the named scale is the drawn one");
  assert.deepEqual(shownForces({ ...state, showForces: false }), []);
  assert.deepEqual(shownForces({ ...state, quantity: "charges" }), []);
});

test("bars stand for the panes' values in the unit shown, in the order chosen, on an axis with zero", () => {
  const state = sample({ unit: "eV" });
  const chart = barChart(state);
  assert.deepEqual(chart.series, ["BP", "SchNet"]);
  assert.deepEqual(chart.rows.map(({ name, values }) => [name, ...values]), [["C1", 0.5, 0.1], ["O2", -0.6, -0.2], ["H3", 0.7, 0.3], ["H4", -0.8, -0.4]]);
  assert.deepEqual(barChart({ ...state, barOrder: "value" }).rows.map(({ name }) => name), ["H4", "O2", "C1", "H3"]);
  const { low, high, ticks } = barAxis(chart.rows);
  assert.ok(low <= -0.8 && high >= 0.7 && ticks.includes(0) && ticks.length >= 3 && ticks.length <= 8);
  assert.deepEqual(barAxis([]).ticks.includes(0), true);
  assert.equal(barChart({ ...state, quantity: "potential" }), null);
});

test("a selection grows with Ctrl or Shift, and stands alone without", () => {
  assert.deepEqual(toggled([], 2, false), [2]);
  assert.deepEqual(toggled([1], 2, false), [2]);
  assert.deepEqual(toggled([2], 2, false), []);
  assert.deepEqual(toggled([1, 2], 2, false), [2]);
  assert.deepEqual(toggled([1], 2, true), [1, 2]);
  assert.deepEqual(toggled([1, 2], 1, true), [2]);
  assert.ok(isSelection([2, 1], [1, 2]) && !isSelection([1], [1, 2]));
});

test("a reference is compared at its own geometry with networks of its own level alone", () => {
  const reference = { set: "X", training_set: "x", energy: -3101, dipole: null, same_geometry: true };
  const state = sample({ references: [reference] });
  const model = (name) => state.models.find((one) => one.name === name);
  const found = comparable(state, model("x-bp-energy"), state.predictions[2]);
  assert.deepEqual([found.value, found.error], [-3101, 1]);
  assert.equal(comparable(state, model("x-bp-dipole"), state.predictions[1]), null, "no dipole is known");
  assert.equal(comparable(state, { ...model("x-bp-energy"), training_set: "y" }, state.predictions[2]), null);
  const elsewhere = sample({ references: [{ ...reference, same_geometry: false }] });
  assert.equal(comparable(elsewhere, model("x-bp-energy"), state.predictions[2]), null);
});

test("the total is said in plain words, with its unit, the usual error and whose the split is", () => {
  const state = sample({ unit: "eV" });
  const said = meaningOf(state).join(" ").replaceAll("\u00a0", " ");
  assert.match(said, /formaldehyde/);
  assert.match(said, /−3,100\.000 eV \(BP\) and −3,100\.000 eV \(SchNet\)/);
  assert.match(said, /free atoms would cost 0\.300 eV/);
  assert.match(said, /err by 0\.022 eV and 0\.022 eV/);
  assert.match(said, /model's own/);
  state.predictions[2].total = -3099;
  assert.match(meaningOf(state).join(" "), /more than they usually err/);
  state.predictions[2].total = -3100.01;
  assert.match(meaningOf(state).join(" "), /no more than they usually err/);
  state.predictions[2].total = -3100.025;
  assert.match(meaningOf(state).join(" "), /about as much as they usually err/, "it is more than 0.022");
  assert.deepEqual(meaningOf({ ...state, quantity: "elements" }), []);
});

test("under the pointer an atom says what every network gives it, with the spread", () => {
  const state = sample({ unit: "eV" });
  state.predictions[2].contribution_spread = [0.1, 0.1, 0.1, 0.1];
  const found = atomReadout(state, "1", 1);
  assert.equal(found.name, "O2");
  assert.deepEqual(found.lines.map(({ title, value }) => `${title}: ${value.replaceAll(/[\u00a0\u202f]/g, " ")}`), ["BP: −0.600 eV ± 0.100 eV", "SchNet: −0.200 eV"]);
  assert.equal(atomReadout(state, "9", 1), null);
});

test("a reference is awaited at a geometry of quantum chemistry alone, until it is known whether there is one", () => {
  const geometry = { source: "quantum chemistry", method: "B3LYP", note: "" };
  const asked = sample({ references: null });
  const molecule = { ...asked.molecule, geometry };
  assert.equal(awaited({ ...asked, molecule }), true);
  assert.equal(awaited({ ...asked, molecule, references: [] }), false);
  assert.equal(awaited({ ...asked, molecule: { ...molecule, geometry: { ...geometry, source: "force field" } } }), false);
});

test("what is said of the whole and of its atoms does not contradict itself", () => {
  const graded = (whole, trust) => {
    const state = sample();
    return describeMolecule({ ...state, predictions: state.predictions.map((one) => ({ ...one, trust, molecule_trust: whole && { grade: whole, reasons: [] } })) }).join(" ");
  };
  const both = graded("inside", ["outside", "inside", "unusual", "outside"]);
  assert.ok(both.includes("By the error to be expected of its total, the molecule as a whole is like the training data; by their own surroundings, C1 and H4 lie outside of what the networks have learned, and H3 is unusual."), both);
  assert.ok(!both.includes("The molecule is like"));
  assert.ok(graded("unusual", ["unusual", "inside", "inside", "inside"]).includes("The molecule is unusual. Unusual atoms: C1."));
  assert.ok(graded("outside", ["unusual", "inside", "inside", "inside"]).includes("The molecule is outside the training data. Unusual atoms: C1."));
  assert.ok(graded("inside", ["inside", "inside", "inside", "inside"]).endsWith("The molecule is like the training data."));
});
