/**
 * Reference values: what quantum chemistry gives the molecule, and with which predictions it can be compared: those at the
 * same geometry, by a network that learned from the same set, whose level of theory has the same zero of energy.
 *
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").Reference} Reference
 * @typedef {import("../types.js").State} State
 */
import { isStill } from "./fragment.js";

/**
 * Whether a reference value may still come, for the molecule is in a geometry that has one.
 *
 * @param {State} state
 * @returns {boolean}
 */
export function awaited(state) {
  return isStill(state) && state.references === null && state.route.page !== "embed" && state.molecule?.geometry?.source === "quantum chemistry";
}

/**
 * @param {State} state
 * @param {Model} model
 * @param {Prediction} prediction
 * @returns {{reference: Reference, value: number, error: number} | null} eV or debye; error: predicted less reference
 */
export function comparable(state, model, prediction) {
  if (!isStill(state)) return null;
  const reference = state.references?.find((one) => one.same_geometry && one.training_set === model.training_set);
  const value = reference && (model.property === "energy" ? reference.energy : reference.dipole);
  return reference && typeof value === "number" ? { reference, value, error: prediction.total - value } : null;
}
