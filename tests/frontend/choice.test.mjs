/** The models that are shown where several training sets know a molecule, and the sentence that says why. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, answeredAgain, choiceOptions, choiceText, isChoiceOffered, shownPredictions, trainingSets } from "../../frontend/js/lib/choice.js";
import { labelled, shortName } from "../../frontend/js/lib/quantities.js";
import { sample } from "./sample.mjs";

const FAMILIES = ["bp", "schnet"];
const model = (set, family, elements = ["H", "C", "N", "O"]) => ({
  name: `${set}-${family}-energy`, title: "", family, training_set: set, property: "energy", unit: "eV", contribution_unit: "eV",
  elements, checkpoint: "", members: 1, test: null, heavy_atoms_max_trained: null, free_atom_energies: null,
});
const models = FAMILIES.flatMap((family) => [model("qm9", family), model("organic", family, ["H", "C", "N", "O", "F", "S"])]);
const of = (set) => FAMILIES.map((family) => ({ model: `${set}-${family}-energy`, property: "energy" }));
const choose = (family, set, reason, unknown = []) => ({
  property: "energy", family, model: `${set}-${family}-energy`, reason, others: [`${set === "qm9" ? "organic" : "qm9"}-${family}-energy`], unknown,
});
const names = (predictions) => predictions.map((prediction) => prediction.model);

/** A state in which both sets have answered, or those named. */
function explained(choice, { sets = ["qm9", "organic"], ...changes } = {}) {
  const state = sample({ models, answers: sets.flatMap(of), choice, trainedOn: null, ...changes });
  return { ...state, predictions: shownPredictions(state) };
}

test("of each family the model is shown that the service chose", () => {
  const state = explained([choose("bp", "qm9", "accurate"), choose("schnet", "organic", "closer")]);
  assert.deepEqual(names(state.predictions), ["qm9-bp-energy", "organic-schnet-energy"]);
  assert.equal(choiceText(state), "BP networks trained on QM9: their test error is smaller than that of the organic networks, whose training data are not decidedly closer to this molecule. SchNet networks trained on organic molecules: their training data are closer to this molecule than those of the QM9 networks.");
});

test("where all were chosen alike it is said once", () => {
  const text = choiceText(explained(FAMILIES.map((family) => choose(family, "organic", "closer"))));
  assert.equal(text, "Networks trained on organic molecules: their training data are closer to this molecule than those of the QM9 networks.");
});

test("a person's choice holds wherever such a model knows the molecule", () => {
  const chosen = explained(FAMILIES.map((family) => choose(family, "qm9", "accurate")), { trainedOn: "organic" });
  assert.deepEqual(names(chosen.predictions), ["organic-bp-energy", "organic-schnet-energy"]);
  assert.equal(choiceText(chosen), "Networks trained on organic molecules, as chosen.");
  const unknown = explained(FAMILIES.map((family) => choose(family, "organic", "elements", ["S"])), { trainedOn: "qm9", sets: ["organic"] });
  assert.deepEqual(names(unknown.predictions), ["organic-bp-energy", "organic-schnet-energy"]);
  assert.equal(choiceText(unknown), "Networks trained on organic molecules: the QM9 networks do not know S.");
  assert.deepEqual(choiceOptions(unknown).map(({ value, disabled = false }) => [value, disabled]), [["", false], ["qm9", true], ["organic", false]]);
  // a link holds what it shows: the elements tell what other networks know
  const linked = { ...chosen, opened: { created: "2026-01-01" }, answers: chosen.predictions };
  assert.deepEqual(choiceOptions(linked).map(({ disabled = false }) => disabled), [false, false, false]);
  const sulfur = { ...linked, molecule: { ...linked.molecule, symbols: ["S", "H", "H"] }, models: linked.models.map((model) => ({ ...model, elements: model.training_set === "qm9" ? ["H", "C"] : ["H", "C", "S"] })) };
  assert.deepEqual(choiceOptions(sulfur).map(({ disabled = false }) => disabled), [false, true, false]);
});

test("a set that has no model of a family is said to have none", () => {
  const choice = [{ ...choose("bp", "qm9", "only"), others: [] }];
  const state = explained(choice, { trainedOn: "organic", sets: ["qm9"] });
  assert.deepEqual(names(state.predictions), ["qm9-bp-energy"]);
  assert.equal(choiceText(state), "Networks trained on QM9: there are no organic networks.");
});

test("on the way to an element that the chosen ones do not know, the others are shown", () => {
  const alchemy = { changes: [{ atom: 2, to: "F" }], lambda: 0, answer: null, base: [] };
  const state = explained(FAMILIES.map((family) => choose(family, "qm9", "accurate")));
  const predictions = shownPredictions(state, ["F"]);
  assert.deepEqual(names(predictions), ["organic-bp-energy", "organic-schnet-energy"]);
  assert.equal(choiceText({ ...state, alchemy, predictions }), "Networks trained on organic molecules: the QM9 networks do not know F.");
  assert.deepEqual(shownPredictions(state, ["Si"]), []);
});

test("without a choice, as of a crystal, all are shown, and nothing is said", () => {
  const state = explained([]);
  assert.equal(state.predictions.length, 4);
  assert.equal(choiceText(state), "");
  const crystal = { ...state, molecule: { ...state.molecule, cell: [[1, 0, 0], [0, 1, 0], [0, 0, 1]] } };
  assert.deepEqual([isChoiceOffered(state), isChoiceOffered(crystal), isChoiceOffered({ ...state, models: models.slice(0, 1) })], [true, false, false]);
});

test("an answer is taken over with all its predictions", () => {
  const choice = [choose("bp", "organic", "closer")];
  const taken = answered({ models, trainedOn: null }, { predictions: [...of("qm9").slice(0, 1), ...of("organic").slice(0, 1)], choice });
  assert.deepEqual([taken.answers.length, names(taken.predictions), taken.choice], [2, ["organic-bp-energy"], choice]);
});

test("another geometry keeps its molecule's networks, unless they do not answer or the molecule is another", () => {
  const state = explained(FAMILIES.map((family) => choose(family, "qm9", "accurate")));
  const own = FAMILIES.map((family) => choose(family, "organic", "closer"));
  const answer = { molecule: { ...state.molecule, id: "moved" }, predictions: ["qm9", "organic"].flatMap(of), choice: own };
  const taken = answeredAgain(state, answer);
  assert.deepEqual(names(taken.predictions), ["qm9-bp-energy", "qm9-schnet-energy"]);
  assert.deepEqual(taken.choice[0], { ...own[0], model: "qm9-bp-energy", reason: "kept", others: ["organic-bp-energy"] });
  assert.equal(choiceText({ ...state, ...taken }), "Networks trained on QM9, as for the molecule's other geometries.");
  assert.deepEqual(answeredAgain({ ...state, ...taken }, { ...answer, choice: state.choice }).choice, state.choice, "the service's reason, where it agrees");
  assert.deepEqual(names(answeredAgain({ ...state, trainedOn: "organic" }, answer).predictions), names(of("organic")), "a person's choice holds");
  assert.deepEqual(answeredAgain(state, { ...answer, predictions: of("organic") }).choice, own);
  const fluoride = { ...state.molecule, symbols: ["C", "F", "H", "H"] };
  assert.deepEqual(answeredAgain(state, { ...answer, molecule: fluoride }).choice, own);
  assert.deepEqual(answeredAgain({ ...state, choice: [] }, answer).choice, own, "of a link that did not say");
});

test("names tell the training set where there are several, and only there", () => {
  const crystals = { ...model("materials-salts", "schnet"), name: "materials-salts", periodic: true };
  assert.deepEqual(labelled([...models, crystals]).map(shortName), ["BP QM9", "BP organic", "SchNet QM9", "SchNet organic", "SchNet salts"]);
  assert.deepEqual(labelled([models[0], models[2], crystals]).map(shortName), ["BP", "SchNet", "SchNet salts"]);
  assert.deepEqual(trainingSets([model("mine", "bp"), ...models.toReversed(), crystals]), ["qm9", "organic", "mine"]);
});
