/**
 * What was done to a molecule, step by step: what the page goes back to.
 *
 * @typedef {import("../types.js").Standing} Standing
 * @typedef {import("../types.js").State} State
 */
import { answered } from "./choice.js";
import { atRest, predictionsAt } from "./relaxation.js";
import { comparedAddress } from "./route.js";
import { predictionsAlong } from "./trajectory.js";

/**
 * @param {State} state
 * @param {{pathname: string, search: string}} location
 * @returns {Standing[]} what is shown, to go back to; nothing where nothing is
 */
export function standing({ molecule, answers, choice, relaxation, trajectory, conformers, opened, text }, location) {
  if (!molecule) return [];
  // without a molecule beside it: a comparison ends with what it compares
  const address = comparedAddress(location, null, null) ?? location.pathname + location.search;
  return [{ molecule, answers, choice, relaxation, trajectory, conformers, opened, text, address }];
}

/**
 * @param {Pick<State, "models" | "trainedOn">} state
 * @param {Standing} before
 * @returns {Pick<State, "molecule" | "answers" | "choice" | "predictions" | "relaxation" | "trajectory" | "conformers" | "opened" | "text">} as it
 *   was, by the networks that are chosen now
 */
export function asItStood({ models, trainedOn }, { relaxation, trajectory, answers, choice, molecule, conformers, opened, text }) {
  const taken = answered({ models, trainedOn }, { predictions: answers, choice });
  const { predictions: base } = taken;
  const downhill = relaxation && { ...relaxation, base, playing: false };
  const along = trajectory && { ...trajectory, base, playing: false };
  // what was left in passing is looked into once it is there
  const predictions = downhill && !atRest(downhill) ? predictionsAt(downhill, answers) : along && !atRest(along) ? predictionsAlong(along) : base;
  return { molecule, ...taken, predictions, relaxation: downhill, trajectory: along, conformers, opened, text };
}
