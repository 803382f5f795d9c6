/**
 * Which models are shown: of each property and family one, by the service's choice or of the training set that the reader
 * chose, and the sentence that says why.
 *
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").ModelChoice} ModelChoice
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").State} State
 */
import { familyName, QUANTITIES, shortSet } from "./quantities.js";
import { text } from "./text.js";

/** @param {string} set @returns {string} for people */
export function setName(set) {
  const names = /** @type {Record<string, string>} */ (text.choice.sets);
  return names[set] ?? set;
}

/** @param {Model[]} models @returns {string[]} what those of molecules were trained on, in the catalogue's order, then others */
export function trainingSets(models) {
  const found = new Set(models.filter(({ periodic }) => !periodic).map((model) => model.training_set));
  const known = Object.keys(text.choice.sets).filter((set) => found.has(set));
  return [...new Set([...known, ...found])];
}

/** @param {Model[]} models @param {string} name @returns {string | undefined} undefined for one that is not listed */
const setOf = (models, name) => models.find((model) => model.name === name)?.training_set;

/** @param {Model[]} models @param {string} name @param {string[]} elements @returns {string[]} those that the model does not know */
function unknownTo(models, name, elements) {
  const model = models.find((one) => one.name === name);
  return model ? elements.filter((element) => !model.elements.includes(element)) : [];
}

/**
 * @param {Pick<State, "models" | "answers" | "choice" | "trainedOn">} state
 * @param {string[]} [elements] symbols that the models must know beside the molecule's own
 * @returns {Prediction[]} of the models to show; all of them where there is no choice, as of a crystal
 */
export function shownPredictions({ models, answers, choice, trainedOn }, elements = []) {
  const fitting = answers.filter(({ model }) => unknownTo(models, model, elements).length === 0);
  if (choice.length === 0) return fitting;
  const names = choice.map(({ model, others }) => {
    const known = [model, ...others].filter((name) => fitting.some((prediction) => prediction.model === name));
    return known.find((name) => setOf(models, name) === trainedOn) ?? known[0];
  });
  return fitting.filter(({ model }) => names.includes(model));
}

/**
 * @param {Pick<State, "models" | "trainedOn">} state
 * @param {{predictions: Prediction[], choice: ModelChoice[]}} answer of the service
 * @returns {Pick<State, "answers" | "choice" | "predictions">}
 */
export function answered({ models, trainedOn }, { predictions, choice }) {
  return { answers: predictions, choice, predictions: shownPredictions({ models, trainedOn, answers: predictions, choice }) };
}

/**
 * The same of an answer for another geometry of the molecule that is shown. The service chooses for each geometry alone; here
 * the networks stay, so that what changes in the numbers is the geometry's doing.
 *
 * @param {Pick<State, "models" | "trainedOn" | "molecule" | "choice">} state
 * @param {import("../types.js").Explained} answer
 * @returns {Pick<State, "answers" | "choice" | "predictions">}
 */
export function answeredAgain(state, { molecule, predictions, choice }) {
  const same = molecule.symbols.join() === state.molecule?.symbols.join();
  return answered(state, { predictions, choice: same ? keptChoice(state.choice, choice, predictions) : choice });
}

/** @param {ModelChoice[]} before @param {ModelChoice[]} choice of the service @param {Prediction[]} answers @returns {ModelChoice[]} with the models before, where they answer */
function keptChoice(before, choice, answers) {
  return choice.map((one) => {
    const kept = before.find(({ property, family }) => property === one.property && family === one.family)?.model;
    if (!kept || kept === one.model || answers.every(({ model }) => model !== kept)) return one;
    return { ...one, model: kept, reason: "kept", others: [one.model, ...one.others].filter((name) => name !== kept) };
  });
}

/** @param {State} state @returns {boolean} whether there is anything to choose */
export function isChoiceOffered({ models, molecule, route }) {
  return route.page !== "offline" && molecule !== null && !molecule.cell && trainingSets(models).length > 1;
}

/** @param {State} state @returns {{value: string, label: string, disabled?: boolean}[]} "" stands for the service's choice */
export function choiceOptions({ models, answers, molecule, opened }) {
  // an opened link holds the predictions of the models that it shows alone: what others know, their elements tell
  const able = opened ? models.filter(({ name }) => unknownTo(models, name, molecule?.symbols ?? []).length === 0).map(({ name }) => name) : answers.map(({ model }) => model);
  const known = new Set(able.map((name) => setOf(models, name)));
  return [
    { value: "", label: text.choice.automatic },
    ...trainingSets(models).map((set) => ({ value: set, label: setName(set), disabled: !known.has(set) })),
  ];
}

/** @param {State} state @param {ModelChoice} choice @returns {string} why this model is shown; "" where none of them is */
function reasonText({ models, predictions, trainedOn, alchemy }, choice) {
  const { model, others, unknown, reason } = choice;
  const shown = [model, ...others].find((name) => predictions.some((prediction) => prediction.model === name));
  const set = shown && setOf(models, shown);
  if (!shown || !set) return "";
  const rest = [...new Set([model, ...others].map((name) => setOf(models, name)).filter((other) => other && other !== set))];
  const sets = text.choice.list(rest.map((other) => shortSet(other ?? "")));
  const name = setName(set);
  const target = (alchemy?.changes ?? []).flatMap(({ to }) => to ?? []);
  const lacking = [model, ...others].flatMap((other) => unknownTo(models, other, target));
  if (shown !== model && lacking.length > 0) return text.choice.elements(name, sets, text.choice.list([...new Set(lacking)]));
  if (reason === "elements") return text.choice.elements(name, sets, text.choice.list(unknown));
  if (trainedOn === set) return text.choice.chosen(name);
  if (trainedOn !== null && !rest.includes(trainedOn)) return text.choice.missing(name, shortSet(trainedOn));
  if (reason === "only") return text.choice.only(name);
  return text.choice[reason](name, sets);
}

/** @param {State} state @returns {string} on what the models shown were trained, and why those; "" where there is no choice */
export function choiceText(state) {
  if (!isChoiceOffered(state)) return "";
  const { property } = QUANTITIES[state.quantity];
  const reasons = state.choice
    .filter((one) => property === null || one.property === property)
    .map((one) => ({ name: property === null ? `${familyName(one.family)} ${text.card(one.property)}` : familyName(one.family), reason: reasonText(state, one) }))
    .filter(({ reason }) => reason !== "");
  const all = [...new Set(reasons.map(({ reason }) => reason))];
  if (all.length === 1) return text.choice.sentence(all[0] ?? "");
  return all.map((reason) => text.choice.of(text.choice.list(reasons.filter((one) => one.reason === reason).map(({ name }) => name)), reason)).join(" ");
}
