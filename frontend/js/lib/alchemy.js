/**
 * Alchemical paths: what the page makes of the models' answers along one.
 *
 * @typedef {import("../types.js").AlchemyAnswer} AlchemyAnswer
 * @typedef {import("../types.js").AlchemyChange} AlchemyChange
 * @typedef {import("../types.js").AlchemyPath} AlchemyPath
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Prediction} Prediction
 */
import { text } from "./text.js";

/** What may become of an atom on the page, beside another element. */
export const FADES_OUT = "out";
export const FADES_IN = "in";

/**
 * Molecules worth turning into others; atoms count from 0 in the order of the SMILES, hydrogens behind in the order of
 * their atoms.
 *
 * @type {readonly {via: string[], molecule: string, changes: AlchemyChange[]}[]}
 */
export const PRESETS = Object.freeze([
  { via: ["pyridine"], molecule: "benzene", changes: [{ atom: 0, to: "N" }, { atom: 6, fade: FADES_OUT }] },
  {
    via: ["ammonia", "water"],
    molecule: "methane",
    changes: [{ atom: 0, to: "N" }, { atom: 1, fade: FADES_OUT }, { atom: 0, to: "O", stage: 1 }, { atom: 2, fade: FADES_OUT, stage: 1 }],
  },
  { via: ["benzyl"], molecule: "toluene", changes: [{ atom: 7, fade: FADES_OUT }] },
  { via: ["o-tolyl"], molecule: "toluene", changes: [{ atom: 10, fade: FADES_OUT }] },
  { via: ["m-tolyl"], molecule: "toluene", changes: [{ atom: 11, fade: FADES_OUT }] },
  { via: ["p-tolyl"], molecule: "toluene", changes: [{ atom: 12, fade: FADES_OUT }] },
  { via: ["fluoroethanol"], molecule: "ethanol", changes: [{ atom: 3, to: "F" }] },
]);

/**
 * A value between the steps of a path.
 *
 * @param {number[]} lambdas ascending, from 0 to 1
 * @param {number} lambda
 * @param {(step: number) => number} value at a step
 * @returns {number}
 */
export function between(lambdas, lambda, value) {
  const last = lambdas.length - 1;
  const next = Math.min(last, Math.max(1, lambdas.findIndex((step) => step >= lambda)));
  const from = lambdas[next - 1] ?? 0;
  const part = (lambda - from) / ((lambdas[next] ?? 1) - from);
  return part === 0 ? value(next - 1) : part === 1 ? value(next) : (1 - part) * value(next - 1) + part * value(next);
}

/** @param {AlchemyPath} path @returns {number[]} (n_steps) eV or debye */
export function totals(path) {
  return path.energies ?? path.dipoles ?? [];
}

/**
 * The predictions as they are on the way: same models, values at λ.
 *
 * @param {Prediction[]} base of the molecule itself
 * @param {AlchemyAnswer} answer
 * @param {number} lambda
 * @returns {Prediction[]} those whose models know both ends
 */
export function morphed(base, answer, lambda) {
  // an atom that fades in is not there at the beginning
  if (lambda === 0 && answer.changes.every(({ fade }) => fade !== FADES_IN)) return base;
  return base.flatMap((prediction) => {
    const path = answer.paths.find(({ model }) => model === prediction.model);
    if (!path) return [];
    const at = (/** @type {(step: number) => number} */ value) => between(answer.lambda, lambda, value);
    return [{
      ...prediction,
      total: at((step) => totals(path)[step] ?? 0),
      contributions: prediction.contributions.map((_, atom) => at((step) => path.contributions[step]?.[atom] ?? 0)),
      vector: path.vectors ? /** @type {import("../types.js").Vector} */ ([0, 1, 2].map((axis) => at((step) => path.vectors?.[step]?.[axis] ?? 0))) : null,
      // of mixed elements there is no free atom, and nothing on the way was in any training data
      references: null, uncertainty: null, contribution_spread: null, trust: null, trust_reasons: null,
      molecule_trust: path.border_trust[lambda * (path.border_trust.length - 1)] ?? null,
    }];
  });
}

/**
 * @param {number} gone of the way to the end, 1, and back to the beginning, 2
 * @returns {{lambda: number, over: boolean}} where the dial stands then, to hundredths
 */
export function thereAndBack(gone) {
  const lambda = gone <= 1 ? gone : Math.max(0, 2 - gone);
  return { lambda: Math.round(100 * lambda) / 100, over: gone >= 2 };
}

/**
 * @param {Molecule} molecule
 * @param {AlchemyChange[]} changes
 * @returns {string | null} what the molecule at the end is called, where the changes are those of an example
 */
export function nameAtEnd({ name }, changes) {
  const known = PRESETS.find((one) => one.molecule === name?.toLowerCase() && sameChanges(one.changes, changes));
  return known ? text.molecule(known.via.at(-1) ?? null) : null;
}

/** @param {AlchemyChange[]} some @param {AlchemyChange[]} others @returns {boolean} */
function sameChanges(some, others) {
  const written = (/** @type {AlchemyChange[]} */ changes) =>
    changes.map(({ atom, to, fade, stage = 0 }) => [stage, atom, to ?? "", fade ?? ""].join()).sort().join(";");
  return written(some) === written(others);
}

/**
 * @param {Pick<Molecule, "symbols">} molecule
 * @param {AlchemyChange[]} changes
 * @returns {(string | null)[]} (n_atoms) elements at the end; null where the atom is gone
 */
export function symbolsAtEnd({ symbols }, changes) {
  return symbols.map((symbol, atom) => {
    const own = changes.filter((one) => one.atom === atom).sort((a, b) => (a.stage ?? 0) - (b.stage ?? 0));
    return own.at(-1)?.fade === FADES_OUT ? null : (own.findLast(({ to }) => to)?.to ?? symbol);
  });
}

/**
 * @param {Pick<Molecule, "symbols">} molecule
 * @param {AlchemyChange[]} changes
 * @returns {string} sum formula at the end, carbon and hydrogen first (Hill)
 */
export function formulaAtEnd(molecule, changes) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const symbol of symbolsAtEnd(molecule, changes)) if (symbol !== null) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const carbon = counts.has("C");
  const rank = (/** @type {string} */ symbol) => (!carbon ? 2 : symbol === "C" ? 0 : symbol === "H" ? 1 : 2);
  return [...counts].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)).map(([symbol, n]) => symbol + (n > 1 ? n : "")).join("");
}
