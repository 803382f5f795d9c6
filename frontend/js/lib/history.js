/**
 * What was done to a molecule, step by step: what the page goes back to.
 *
 * @typedef {import("../types.js").Standing} Standing
 * @typedef {import("../types.js").State} State
 */
import { answered } from "./choice.js";
import { resting } from "./relaxation.js";
import { comparedAddress } from "./route.js";

/**
 * @param {State} state
 * @param {{pathname: string, search: string}} location
 * @returns {Standing[]} what is shown, to go back to; nothing where nothing is
 */
export function standing({ molecule, answers, choice, relaxation, trajectory, opened, text }, location) {
  if (!molecule) return [];
  // without a molecule beside it: a comparison ends with what it compares
  const address = comparedAddress(location, null, null) ?? location.pathname + location.search;
  return [{ molecule, answers, choice, relaxation, trajectory, opened, text, address }];
}

/**
 * @param {Pick<State, "models" | "trainedOn">} state
 * @param {Standing} before
 * @returns {Pick<State, "molecule" | "answers" | "choice" | "predictions" | "relaxation" | "trajectory" | "opened" | "text">} as it was, by the
 *   networks that are chosen now
 */
export function asItStood({ models, trainedOn }, { molecule, answers, choice, relaxation, trajectory, opened, text }) {
  const taken = answered({ models, trainedOn }, { predictions: answers, choice });
  const [downhill, along] = [resting(relaxation, taken.predictions), resting(trajectory, taken.predictions)];
  return { molecule, ...taken, relaxation: downhill, trajectory: along, opened, text };
}
