/**
 * Quantities: what the page can show, which models give it, and the values of every atom.
 *
 * @typedef {import("../types.js").Quantity} Quantity
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").Property} Property
 * @typedef {import("../types.js").Dimension} Dimension
 * @typedef {import("../types.js").ScaleKey} ScaleKey
 * @typedef {import("../types.js").Trust} Trust
 *
 * @typedef {object} Definition
 * @property {Property | null} property of the models that give the quantity; null: none is needed
 * @property {"potential" | "charge" | null} field the field of a probe atom, as the service names it
 */
import { text } from "./text.js";

/** @type {Readonly<Record<Quantity, Definition>>} */
export const QUANTITIES = Object.freeze({
  contributions: { property: "energy", field: null },
  charges: { property: "dipole", field: null },
  potential: { property: "energy", field: "potential" },
  probe_charge: { property: "dipole", field: "charge" },
  pairs: { property: "energy", field: null },
  elements: { property: null, field: null },
});

/** @param {unknown} value @returns {value is Quantity} */
export function isQuantity(value) {
  return typeof value === "string" && Object.hasOwn(QUANTITIES, value);
}

/** Families by the order in which they stand on the page. */
const FAMILY_NAMES = Object.freeze({ bp: "BP", schnet: "SchNet" });

/** @param {string} family @returns {string} the short name that captions and columns carry */
export function familyName(family) {
  return Object.hasOwn(FAMILY_NAMES, family) ? FAMILY_NAMES[/** @type {keyof typeof FAMILY_NAMES} */ (family)] : family;
}

/** @param {Model} model @returns {string} the short name that tells models of one kind apart */
export function shortName(model) {
  return model.label ?? familyName(model.family);
}

/** @param {Model[]} models @param {string} name of one of them, or of one that is gone @returns {string} its short name; of one that is gone the whole */
export function shortNameOf(models, name) {
  const model = models.find((one) => one.name === name);
  return model ? shortName(model) : name;
}

/** @param {string} set @returns {string} a training set beside the name of a family */
export function shortSet(set) {
  const sets = /** @type {Record<string, string>} */ (text.choice.short);
  return sets[set] ?? set;
}

/** @param {Model[]} models @returns {Model[]} with short names that tell the training sets, where there are several */
export function labelled(models) {
  return models.map((model) => {
    const { family, property, periodic = false, training_set: set } = model;
    if (periodic) return { ...model, label: `${familyName(family)} ${model.name.replace(/^materials-/, "")}` };
    const alike = models.some((other) => other.family === family && other.property === property && !other.periodic && other.training_set !== set);
    return alike ? { ...model, label: `${familyName(family)} ${shortSet(set)}` } : model;
  });
}

/**
 * A model as the service lists it; for a stored view whose model is gone, what the prediction itself says.
 *
 * @param {Model[]} models
 * @param {Prediction} prediction
 * @returns {Model}
 */
export function modelOf(models, prediction) {
  const listed = models.find((model) => model.name === prediction.model);
  if (listed) return listed;
  const family = Object.keys(FAMILY_NAMES).find((name) => prediction.model.includes(name)) ?? prediction.model;
  return {
    name: prediction.model, title: prediction.model, family, training_set: prediction.model, property: prediction.property, unit: prediction.unit,
    contribution_unit: prediction.contribution_unit, elements: [], checkpoint: prediction.checkpoint, members: 1,
    test: null, heavy_atoms_max_trained: null, free_atom_energies: null,
  };
}

/**
 * @param {Pick<State, "models" | "predictions">} state
 * @param {Property} property
 * @returns {{model: Model, prediction: Prediction}[]} BP first, then SchNet, then others; of a crystal first the model whose training data are most like it
 */
export function predictionsOf({ models, predictions }, property) {
  const order = Object.keys(FAMILY_NAMES);
  const rank = (/** @type {string} */ family) => (order.indexOf(family) + order.length + 1) % (order.length + 1);
  return predictions
    .filter((prediction) => prediction.property === property)
    .map((prediction) => ({ model: modelOf(models, prediction), prediction }))
    .sort((a, b) => rank(a.model.family) - rank(b.model.family) || strangeness(a) - strangeness(b));
}

/** @param {{model: Model, prediction: Prediction}} shown @returns {number} of crystals: how many sites are unlike the model's training data */
function strangeness({ model, prediction }) {
  return model.periodic ? (prediction.trust ?? []).reduce((sum, trust) => sum + TRUST_ORDER.indexOf(trust), 0) : 0;
}

/**
 * The energies that free atoms of the molecule's elements have at the model's level.
 *
 * @param {Model} model
 * @param {Molecule} molecule
 * @returns {number[] | null} (n_atoms) eV; null if the model does not give them for every element
 */
export function freeAtoms(model, molecule) {
  const table = model.free_atom_energies;
  if (!table) return null;
  const energies = molecule.symbols.map((symbol) => table[symbol]);
  return energies.every((energy) => typeof energy === "number") ? /** @type {number[]} */ (energies) : null;
}

/** @param {State} state @returns {boolean} whether E_i − E_atom can be shown for all models of the energy */
export function atomizationOffered(state) {
  const { molecule } = state;
  const shown = predictionsOf(state, "energy");
  return molecule !== null && shown.length > 0 && shown.every(({ model, prediction }) => prediction.references && freeAtoms(model, molecule));
}

/**
 * The value of every atom: e_i; or E_i − E_atom = e_i + ε − E_atom, whose sum is minus the atomization energy;
 * or the latent charge.
 *
 * @param {State} state
 * @param {Model} model
 * @param {Prediction} prediction
 * @returns {number[]} (n_atoms) eV or e
 */
export function atomValues(state, model, prediction) {
  return valuesIn(effectiveView(state), state.molecule, model, prediction);
}

/**
 * The same of any molecule in a view that was chosen.
 *
 * @param {import("../types.js").ContributionView} view
 * @param {Molecule | null} molecule
 * @param {Model} model
 * @param {Prediction} prediction
 * @returns {number[]} (n_atoms) eV or e
 */
export function valuesIn(view, molecule, model, prediction) {
  const { contributions, references } = prediction;
  const free = molecule && view === "atomization" && model.property === "energy" ? freeAtoms(model, molecule) : null;
  if (!free || !references) return contributions;
  return contributions.map((value, i) => value + (references[i] ?? 0) - (free[i] ?? 0));
}

/** @param {State} state @returns {import("../types.js").ContributionView} the one chosen, where it can be shown */
export function effectiveView(state) {
  return state.contributionView === "atomization" && atomizationOffered(state) ? "atomization" : "output";
}

/** @param {Property} property @returns {Dimension} of the contributions of such a model */
export function dimensionOf(property) {
  return property === "energy" ? "energy" : "charge";
}

/**
 * @typedef {object} Column of the table of atoms
 * @property {string} key
 * @property {Model} model
 * @property {Prediction} prediction
 * @property {Dimension} dimension
 * @property {ScaleKey} scale
 * @property {number[]} values (n_atoms) eV or e
 */

/** @param {Property} property @param {State} state @returns {ScaleKey} of the atoms' values */
export function atomScale(property, state) {
  if (property === "energy" && state.molecule?.cell) return "sites";
  return property === "energy" ? effectiveView(state) : "charge";
}

/** @param {State} state @returns {Column[]} the models whose values are shown, BP first */
export function columns(state) {
  if (!state.molecule) return [];
  const { property } = QUANTITIES[state.quantity];
  const properties = property ? [property] : /** @type {Property[]} */ (["energy", "dipole"]);
  return properties.flatMap((shown) =>
    predictionsOf(state, shown).map(({ model, prediction }) => ({
      key: model.name, model, prediction, dimension: dimensionOf(shown), scale: atomScale(shown, state),
      values: atomValues(state, model, prediction),
    })),
  );
}

/** @param {State} state @returns {boolean} whether a network that is shown has learned from geometries at rest alone */
export function knowsRestAlone(state) {
  return columns(state).some(({ model }) => !model.knows_displaced);
}

/** @param {State} state @param {Quantity} quantity @returns {boolean} whether a model gives it, or none is needed */
export function isOffered(state, quantity) {
  const { property, field } = QUANTITIES[quantity];
  if (state.kept && !state.kept.includes(quantity)) return false;
  // whatever probes or scales an atom of a crystal does so to all of its images
  if (state.molecule?.cell && (field !== null || quantity === "pairs")) return false;
  // what two molecules have atom by atom can be compared
  if (state.comparison && (field !== null || quantity === "pairs")) return false;
  return property === null || predictionsOf(state, property).length > 0;
}

const TRUST_ORDER = /** @type {Trust[]} */ (["inside", "unusual", "outside"]);

/** @param {Trust[]} trusts @returns {Trust | null} the worst of them; null for none */
export function worstTrust(trusts) {
  return TRUST_ORDER[Math.max(-1, ...trusts.map((trust) => TRUST_ORDER.indexOf(trust)))] ?? null;
}

/**
 * @param {Prediction[]} predictions
 * @param {number} atom from 0
 * @returns {Trust | null} the worst that any of the models says of the atom; null if none says anything
 */
export function atomTrust(predictions, atom) {
  return worstTrust(predictions.flatMap(({ trust }) => trust?.[atom] ?? []));
}

/**
 * @param {Prediction[]} predictions
 * @param {number} atom from 0
 * @returns {import("../types.js").TrustReason | null} what the model that trusts the atom least holds against it
 */
export function atomReason(predictions, atom) {
  const worst = atomTrust(predictions, atom);
  return predictions.find(({ trust }) => trust?.[atom] === worst)?.trust_reasons?.[atom] ?? null;
}

/** @param {Molecule} molecule @returns {number} */
export const heavyAtoms = ({ numbers }) => numbers.filter((number) => number > 1).length;

/**
 * How many heavy atoms the molecule has beyond the largest that a shown model was trained on.
 *
 * @param {State} state
 * @returns {{heavy: number, trained: number} | null} null if it has no more
 */
export function beyondTraining(state) {
  if (!state.molecule || state.molecule.cell) return null;
  const heavy = heavyAtoms(state.molecule);
  const limits = columns(state).map(({ model }) => model.heavy_atoms_max_trained).filter((n) => typeof n === "number");
  const trained = Math.min(...limits);
  return limits.length > 0 && heavy > trained ? { heavy, trained } : null;
}
