/** Two molecules side by side: what corresponds, what it differs by, what stands in each pane. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { barChart } from "../../frontend/js/lib/bars.js";
import { createComparisonActions } from "../../frontend/js/actions/comparison.js";
import { createTrajectoryActions } from "../../frontend/js/actions/trajectory.js";
import { beyondEither, compared, namesOf, nameOf, networks, rotated, seenPredictions, shownPlace, withoutComparison } from "../../frontend/js/lib/comparison.js";
import { paneAtoms, panes, unmatched, valueAt } from "../../frontend/js/lib/panes.js";
import { describeAtom, describeMolecule } from "../../frontend/js/lib/describe.js";
import { isOffered } from "../../frontend/js/lib/quantities.js";
import { drawnQuantity, explanationOf, filedState, pictureHeading, pictureName } from "../../frontend/js/lib/exports.js";
import { atomReadout } from "../../frontend/js/lib/readout.js";
import { comparedAddress, parseCompared, parseRoute } from "../../frontend/js/lib/route.js";
import { decodeView, encodeView, readAlone, readCompared } from "../../frontend/js/lib/viewstate.js";
import { createStore } from "../../frontend/js/store.js";
import { close, sample } from "./sample.mjs";

/** Formaldehyde beside methanimine, H2C=NH: C and its hydrogens correspond, oxygen and N–H do not. */
function both(changes = {}) {
  const state = sample({ unit: "eV", ...changes });
  const other = { ...state.molecule, id: "beef", name: "methanimine", symbols: ["N", "C", "H", "H", "H"], numbers: [7, 6, 1, 1, 1], positions: [[1.2, 0, 0], [0, 0, 0], [-0.6, 0.9, 0], [-0.6, -0.9, 0], [1.6, 0.9, 0]] };
  const answers = state.predictions.map((prediction) => ({ ...prediction, total: -2600, contributions: [0.9, 0.25, 0.35, -0.3, 0.8], contribution_spread: [0.1, 0.2, 0.3, 0.4, 0.5], references: [-1489, -1036, -17, -17, -17], vector: [1, 0, 0] }));
  return {
    ...state, answers: state.predictions,
    comparison: { other, laid: { ...other, positions: other.positions.map(([x, y, z]) => [-y, x, z]) }, rotation: [[0, -1, 0], [1, 0, 0], [0, 0, 1]], pairs: [[0, 1], [2, 2], [3, 3]], rmsd: 0.1, complete: true, answers, choice: [] },
  };
}

test("corresponding atoms have a difference, the others none", () => {
  const found = compared(both());
  assert.equal(found.network.model.name, "x-bp-energy");
  assert.deepEqual(found.partner, [1, null, 2, 3]);
  assert.deepEqual(found.shared, [null, 0, 2, 3, null]);
  [[0, -0.25], [2, -0.35], [3, 0.5]].forEach(([atom, expected]) => assert.ok(close(found.differences[atom], expected)));
  assert.equal(found.differences[1], null);
});

test("there are panes of both molecules and of what they differ by, and unmatched atoms are marked in each", () => {
  const state = both();
  const shown = panes(state);
  assert.deepEqual(shown.map(({ title }) => title), ["formaldehyde", "methanimine", "methanimine − formaldehyde"]);
  assert.deepEqual(shown.map(unmatched), [[1], [0, 4], [1]]);
  assert.deepEqual(shown.map((pane) => paneAtoms(state, pane).labels.length), [4, 5, 4]);
  assert.equal(paneAtoms(state, shown[2]).labels[1], "–");
  assert.equal(valueAt(shown[1], 0), 0.25, "the second's C is its second atom");
  assert.equal(valueAt(shown[1], 1), null);
});

test("the network is one of those that know both, by the reader's choice", () => {
  const state = both();
  assert.deepEqual(networks(state).map(({ model }) => model.name), ["x-bp-energy", "x-schnet-energy"]);
  assert.equal(compared({ ...state, layout: "second" }).network.model.name, "x-schnet-energy");
  assert.equal(compared({ ...state, quantity: "charges" }).network.model.name, "x-bp-dipole");
  const replaced = both();
  replaced.comparison.answers[2].checkpoint = "another";
  assert.equal(compared(replaced).network.model.name, "x-schnet-energy", "two checkpoints are two networks");
  replaced.comparison.answers = [];
  assert.equal(compared(replaced), null);
});

/** The same beside a thiol, which networks alone know that are not shown of the first. */
function beyond(changes = {}) {
  const state = both(changes);
  const energy = state.models.find(({ name }) => name === "x-bp-energy");
  const model = { ...energy, name: "y-bp-energy", checkpoint: "sha of y-bp-energy", elements: ["H", "C", "N", "O", "S"] };
  const others = (list) => list.map((one) => (one.model === "x-bp-energy" ? { ...one, model: model.name, checkpoint: model.checkpoint } : [])).flat();
  const { answers: theirs, ...comparison } = state.comparison;
  return { ...state, models: [...state.models, model], answers: [...state.answers, ...others(state.predictions)], comparison: { ...comparison, answers: others(theirs) } };
}

test("a link holds what both molecules are known by, which need not be what was shown of the first", () => {
  const state = beyond();
  assert.deepEqual(seenPredictions(state).map(({ model }) => model), ["y-bp-energy"]);
  const alone = state.predictions.map(({ model }) => model);
  const view = encodeView(state, null);
  assert.deepEqual(view.compare.models, ["y-bp-energy"]);
  assert.deepEqual(view.models, ["y-bp-energy", ...alone]);
  // what the page makes of that link: its predictions are all that there is
  const answers = state.answers.filter(({ model }) => view.models.includes(model));
  const opened = { ...state, predictions: readAlone(view, answers), answers, choice: [] };
  assert.deepEqual(opened.predictions.map(({ model }) => model).sort(), [...alone].sort(), "to which its end comes back");
  assert.deepEqual(readAlone({ ...view, compare: { molecule: "beef" } }, answers), answers, "a link from before");
  assert.deepEqual(compared(opened).first, compared(state).first);
  assert.equal(compared(opened).network.model.name, "y-bp-energy");
  assert.deepEqual(encodeView({ ...state, comparison: null }, null).models, state.predictions.map(({ model }) => model));
});

globalThis.location = { pathname: "/v/f00d", search: "" };

test("beside the molecule of a link stand networks that it does not hold, where it has none in common", async () => {
  const { comparison, ...whole } = beyond();
  const asked = [];
  const api = {
    predictions: async (id) => {
      asked.push(id);
      return { predictions: id === "beef" ? comparison.answers : whole.answers, choice: [] };
    },
    comparison: async () => ({ ...comparison, second: comparison.other, positions: comparison.laid.positions }),
  };
  const problems = { report: (error) => assert.fail(error) };
  const opened = { id: "v", created: "", changed: [] };
  const store = createStore({ ...whole, comparison: null, answers: whole.predictions, opened });
  await createComparisonActions(store, api, problems, async () => {}).compareStored("beef");
  assert.deepEqual(asked, ["beef", "f00d"]);
  assert.equal(compared(store.get()).network.model.name, "y-bp-energy");
  assert.deepEqual(encodeView(store.get(), null).compare.models, ["y-bp-energy"], "and its own link holds them");
  const camera = [0, 0, 0, 5, 0, 0, 0, 1];
  const enough = createStore({ ...whole, comparison: null, opened, camera });
  await createComparisonActions(enough, api, problems, async () => {}).compareStored("beef");
  assert.deepEqual(asked, ["beef", "f00d", "beef"]);
  assert.equal(enough.get().camera, camera, "a link of both has the camera of both");
  const alone = createStore({ ...whole, comparison: null, opened, camera, route: { page: "view", id: "v", query: null } });
  await createComparisonActions(alone, { ...api, molecule: async () => ({ id: "beef" }) }, problems, async () => {}).compareWith("methanimine");
  assert.equal(alone.get().camera, null, "one of a single molecule has not");
});

test("files hold the first molecule by the networks on the screen, and a picture names both", () => {
  const state = beyond();
  assert.deepEqual(explanationOf(state), { molecule: "f00d", models: ["y-bp-energy"] });
  assert.deepEqual(filedState(state).predictions.map(({ model }) => model), ["y-bp-energy"]);
  assert.equal(encodeView(filedState(state), null).compare, null, "a file has one molecule");
  assert.equal(drawnQuantity(filedState(state)), "contributions");
  assert.deepEqual(pictureHeading(state), ["formaldehyde and methanimine · Contributions", "y-bp-energy"]);
  assert.equal(pictureName(state), "formaldehyde_methanimine_y-bp-energy_contributions.png");
  assert.equal(filedState(sample()).comparison, null);
  const opened = { id: "v", created: "", changed: [] };
  assert.deepEqual(explanationOf({ ...both(), opened }), { view: "v" }, "the link has them");
  const own = state.answers;
  const asked = { ...state, opened, answers: state.predictions, comparison: { ...state.comparison, own } };
  assert.deepEqual(explanationOf(asked), { molecule: "f00d", models: ["y-bp-energy"] }, "the link has them not");
});

test("what a network was trained on is held against both molecules, that of the network shown alone", () => {
  const state = beyond();
  const trained = (name, most) => ({ ...state, models: state.models.map((model) => (model.name === name ? { ...model, heavy_atoms_max_trained: most } : model)) });
  assert.deepEqual(beyondEither(trained("x-bp-energy", 1)), [], "it is not on the screen");
  assert.deepEqual(beyondEither(trained("y-bp-energy", 1)), [{ name: "formaldehyde", heavy: 2, trained: 1 }, { name: "methanimine", heavy: 2, trained: 1 }]);
  assert.deepEqual(beyondEither({ ...trained("y-bp-energy", 1), comparison: null }), []);
});

test("the picker says which network is shown", () => {
  assert.equal(shownPlace(both()), "first");
  assert.equal(shownPlace(both({ layout: "second" })), "second");
  assert.equal(shownPlace(beyond({ layout: "second" })), "first", "there is no second");
});

test("against free atoms stand both or neither", () => {
  const view = { contributionView: "atomization" };
  const found = compared(both(view));
  assert.ok(close(found.second[0], 0.9 - 1489 + 1485.3));
  const strange = both(view);
  strange.comparison.other.symbols[0] = "S";
  assert.equal(compared(strange).first[0], 0.5, "no free sulfur is known: neither");
});

test("what fields and pairs show is not offered beside a second molecule", () => {
  const state = both();
  assert.deepEqual(["contributions", "charges", "potential", "pairs", "elements"].filter((quantity) => isOffered(state, quantity)), ["contributions", "charges", "elements"]);
});

test("bars and the pointer find atoms of both, those without a partner too", () => {
  const chart = barChart(both());
  assert.deepEqual(chart.rows.map(({ name, atom }) => [name, atom]), [["C1", 0], ["O2", 1], ["H3", 2], ["H4", 3], ["N1", null], ["H5", null]]);
  assert.deepEqual(chart.rows[0].values.map((value) => value.toFixed(2)), ["0.50", "0.25", "-0.25"]);
  assert.deepEqual(chart.rows[4].values, [null, 0.9, null]);
  assert.deepEqual(chart.rows[0].spreads, [null, 0.2, null]);
  const lines = (slot, atom) => atomReadout(both(), slot, atom).lines.map(({ title }) => title);
  assert.deepEqual(lines("1", 1), ["formaldehyde", "methanimine", "methanimine − formaldehyde"]);
  assert.deepEqual(lines("1", 0), ["methanimine"]);
  assert.deepEqual(lines("0", 1), ["formaldehyde"]);
});

test("a vector of the second molecule turns with it", () => {
  assert.deepEqual(rotated(both().comparison.rotation, [1, 0, 0]), [0, 1, 0]);
});

test("links keep the second molecule and how values are read, and an address names it", () => {
  const state = { ...both({ dipoleArrow: "chemistry", showForces: true, barOrder: "value", atomOrder: { key: "trust", direction: "descending" }, compareOrder: { key: "value 2", direction: "descending" }, layout: "difference" }), quantity: "charges" };
  const stored = JSON.parse(JSON.stringify(encodeView(state, null)));
  assert.equal(readCompared(stored), "beef");
  const read = decodeView(stored, 4, state.probe);
  assert.deepEqual([read.dipoleArrow, read.showForces, read.barOrder, read.atomOrder, read.layout], ["chemistry", true, "value", { key: "trust", direction: "descending" }, "difference"]);
  assert.deepEqual(read.compareOrder, { key: "value 2", direction: "descending" });
  assert.equal(readCompared(encodeView(sample(), null)), null);
  for (const raw of [null, 3, { compare: 7 }, { compare: { molecule: 5 } }, { compare: { molecule: "" } }]) assert.equal(readCompared(raw), null);
  assert.equal(parseCompared({ search: "?q=a&with=acetic%20acid" }), "acetic acid");
  assert.equal(parseCompared({ search: "?q=a" }), null);
});

test("an address names the second molecule beside whatever names the first, and a reload restores both", () => {
  const beside = (search, own = null) => comparedAddress({ search }, own, "phenol");
  assert.equal(beside("?q=acetic%20acid"), "/?q=acetic+acid&with=phenol");
  assert.equal(beside("?example=vanillin"), "/?example=vanillin&with=phenol");
  assert.equal(beside("?molecule=f00d&with=benzene"), "/?molecule=f00d&with=phenol");
  assert.equal(beside("", { q: "acetamide" }), "/?q=acetamide&with=phenol");
  assert.equal(beside("", { example: "acetamide" }), "/?example=acetamide&with=phenol", "the opening page");
  assert.equal(beside("?q=a&show=envelope&probe=C"), "/?q=a&with=phenol", "surfaces are not compared");
  assert.equal(beside(""), null);
  assert.equal(beside("?trajectory=7"), "/?trajectory=7&with=phenol");
  assert.equal(beside("?trajectory=7&frame=3&with=benzene"), "/?trajectory=7&frame=3&with=phenol");
  assert.equal(comparedAddress({ search: "?example=vanillin&with=phenol" }, null, null), "/?example=vanillin");
  const read = new URL(beside("?example=vanillin") ?? "", "http://localhost");
  assert.deepEqual([parseRoute(read).example, parseCompared(read)], ["vanillin", "phenol"]);
});

test("an atom is described with its partner in the other molecule and what it differs by, or that there is none", () => {
  const state = both();
  const carbon = describeAtom(state, 0);
  for (const said of ["BP: contribution 0.500\u00a0eV.", "Corresponds to C2 of methanimine: 0.250\u00a0eV.", "methanimine − formaldehyde: −0.250\u00a0eV."]) assert.ok(carbon.includes(said), carbon);
  assert.ok(!carbon.includes("SchNet"), "one network is compared");
  const oxygen = describeAtom(state, 1);
  assert.ok(oxygen.includes("BP: contribution −0.600\u00a0eV. No atom of methanimine corresponds."), oxygen);
});

test("two molecules are described with both totals, the largest differences and the atoms without a partner", () => {
  const said = describeMolecule(both()).join(" ");
  for (const part of ["formaldehyde, CH2O", "methanimine, ", "BP, formaldehyde: Total energy −3,100.000\u00a0eV", "BP, methanimine: Total energy −2,600.000\u00a0eV",
    "methanimine − formaldehyde: Highest difference: H4, +0.500\u00a0eV; lowest: H3, −0.350\u00a0eV.", "Without a partner in methanimine: O2."]) assert.ok(said.includes(part), `${part}: ${said}`);
});

test("turning to another frame ends a comparison as its button does, and says so", async () => {
  const state = both({ layout: "first" });
  const frames = [state.molecule.positions, state.molecule.positions.map(([x, y, z]) => [x, y, z + 1])];
  const answer = { id: "t", labels: ["", ""], positions: frames, paths: [] };
  const store = createStore({ ...state, trajectory: { answer, frame: 0, rest: 0, playing: false, base: state.predictions } });
  globalThis.window = { setTimeout: () => 0 };
  try {
    const trajectory = createTrajectoryActions(store, {}, {}, { show() {}, stand() {} });
    trajectory.start();
    store.set({ busy: null, done: "something else" });
    assert.ok(store.get().comparison, "at rest it stays");
    trajectory.turn(1);
  } finally {
    delete globalThis.window;
  }
  const { comparison, layout, done, told } = store.get();
  assert.deepEqual([comparison, layout], [null, "both"]);
  assert.equal(done, "The comparison with methanimine has ended.");
  assert.equal(told, done);
});

test("whatever takes the molecule's place ends its comparison with both networks", () => {
  assert.deepEqual(withoutComparison(sample()), {});
  const { layout, comparison } = { ...both({ layout: "second" }), ...withoutComparison(both()) };
  assert.deepEqual([layout, comparison], ["both", null]);
});

test("networks to which either molecule is outside come after those of another set, unless the reader chose theirs", () => {
  const state = both();
  const again = (list) => list.map((one) => ({ ...one, model: one.model.replace("x-", "y-"), molecule_trust: { grade: "unusual", reason: "spread", expected_error: null, probability: null } }));
  const models = [...state.models, ...state.models.map((model) => ({ ...model, name: model.name.replace("x-", "y-"), training_set: "y" }))];
  const lost = state.comparison.answers.map((one) => (one.model === "x-bp-energy" ? { ...one, molecule_trust: { grade: "outside", reason: "geometry", expected_error: 1, probability: 0.5 } } : one));
  const two = { ...state, models, answers: [...state.answers, ...again(state.answers)], comparison: { ...state.comparison, answers: [...lost, ...again(state.comparison.answers)] } };
  assert.deepEqual(networks(two).map(({ model }) => model.name), ["y-bp-energy", "y-schnet-energy"]);
  assert.deepEqual(networks({ ...two, trainedOn: "x" }).map(({ model }) => model.name), ["x-bp-energy", "x-schnet-energy"]);
  assert.deepEqual(networks({ ...two, quantity: "charges" }).map(({ model }) => model.name), ["x-bp-dipole"]);
});

test("sentences call a molecule without a name by its formula, and two of one name by numbers", () => {
  const { molecule } = sample();
  const unnamed = { ...molecule, name: "" };
  assert.equal(nameOf(unnamed), "CH2O");
  assert.deepEqual(namesOf(molecule, unnamed), ["formaldehyde", "CH2O"]);
  assert.deepEqual(namesOf(unnamed, unnamed), ["CH2O (1)", "CH2O (2)"]);
  const state = both();
  const twins = { ...state, comparison: { ...state.comparison, other: { ...state.comparison.other, name: "formaldehyde" } } };
  assert.deepEqual(panes(twins).map(({ title }) => title), ["formaldehyde (1)", "formaldehyde (2)", "formaldehyde (2) − formaldehyde (1)"]);
  assert.ok(describeMolecule(twins).join(" ").includes("BP, formaldehyde (2): Total energy −2,600.000"));
});
