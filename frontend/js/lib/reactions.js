/**
 * Reactions: the line of an equation and its molecules, and which atoms change most.
 *
 * @typedef {import("../types.js").ReactionAnswer} ReactionAnswer
 * @typedef {import("../types.js").ReactionPrediction} ReactionPrediction
 * @typedef {import("../types.js").Model} Model
 * @typedef {{coefficient: number, text: string}} Term
 * @typedef {{reactants: Term[], products: Term[]}} Sides
 */
import { atomName } from "./atoms.js";
import { familyName } from "./quantities.js";

/** The service reads equations itself; these two only part a line for its boxes. */
const ARROW = /<?[-=–—]+>|→|⟶|⇌|⇄|>>|\s=\s/;
/** of a reaction SMILES; they take no part */
const AGENTS = /^([^\s>]*[^\s>=–—-])>[^\s>]*[^\s>=–—-]>([^\s>]+)$/;
const COEFFICIENT = /^(\d{1,2})(?:\s*[*·×]\s*|\s+|(?=[A-Za-z[(]))(.*)$/;

/** @param {string} part @returns {string[]} what plus signs without blanks join, outside of brackets, as in CC+[HH] */
function parted(part) {
  const parts = [""];
  let depth = 0;
  [...part].forEach((letter, place, letters) => {
    depth += Number("[(".includes(letter)) - Number("])".includes(letter));
    if (letter === "+" && depth === 0 && (parts.at(-1) ?? "").trim() && /[^\s+-]/.test(letters[place + 1] ?? "")) parts.push("");
    else parts[parts.length - 1] += letter;
  });
  return parts;
}

/** @param {string} line @returns {Sides} as far as it can be parted */
export function partsOf(line) {
  const [left = "", right = ""] = line.trim().replace(AGENTS, "$1>>$2").split(ARROW);
  // in a reaction SMILES, A.B>>C, molecules stand between dots
  const between = /^\s*\S+>\S*>\S+\s*$/.test(line) && !/[-=–—]>/.test(line) ? /\./ : /\s+\+\s*|\+\s+(?![\s+])/;
  const side = (/** @type {string} */ one) => one.split(between).flatMap(parted).map((part) => part.trim()).filter(Boolean).map((part) => {
    const [, coefficient, text] = part.match(COEFFICIENT) ?? [];
    return text ? { coefficient: Math.max(1, Number(coefficient)), text } : { coefficient: 1, text: part };
  });
  return { reactants: side(left), products: side(right) };
}

/** @param {Sides} sides @returns {string} in one line */
export function lineOf({ reactants, products }) {
  const side = (/** @type {Term[]} */ terms) => terms.filter(({ text }) => text.trim()).map(({ coefficient, text }) => (coefficient > 1 ? `${coefficient} ${text.trim()}` : text.trim())).join(" + ");
  return `${side(reactants)} -> ${side(products)}`;
}

/**
 * @param {ReactionAnswer} reaction
 * @param {Model[]} models
 * @returns {{name: string, model: string, chosen: boolean, prediction: ReactionPrediction}[]} those that fit the reaction best first
 */
export function reactionModels({ predictions, choice }, models) {
  const order = ["bp", "schnet"];
  return predictions
    .map((prediction) => {
      const model = models.find(({ name }) => name === prediction.model);
      const rank = order.indexOf(model?.family ?? "");
      return { name: model?.label ?? familyName(model?.family ?? prediction.model), model: prediction.model, chosen: choice.some((one) => one.model === prediction.model), prediction, rank };
    })
    .sort((a, b) => Number(b.chosen) - Number(a.chosen) || a.rank - b.rank)
    .map(({ rank, ...shown }) => shown);
}

/** @param {ReactionPrediction} prediction @returns {number | null} eV; null outside of the training data, where networks may agree and all be wrong */
export const spreadOf = ({ grade, uncertainty }) => (grade === "outside" ? null : uncertainty);

/** @param {ReactionAnswer} reaction */
export const speciesOf = ({ reactants, products }) => [...reactants, ...products];

/**
 * @typedef {object} Change of one atom
 * @property {string} from atom of a reactant
 * @property {string} to atom of a product
 * @property {string} symbol
 * @property {number[]} values eV, by model in the order of `shown`
 */

/**
 * Atoms by how much their contributions change, the most first.
 *
 * @param {ReactionAnswer} reaction
 * @param {ReactionPrediction[]} shown
 * @returns {Change[]}
 */
export function changesOf(reaction, shown) {
  const species = speciesOf(reaction);
  const name = (/** @type {import("../types.js").Vector} */ [of, copy, atom]) => {
    const one = species[of];
    const which = one && one.coefficient > 1 ? `${one.text} (${copy + 1})` : (one?.text ?? "");
    return { symbol: one?.molecule.symbols[atom] ?? "", said: `${atomName(one?.molecule.symbols[atom] ?? "", atom)} · ${which}` };
  };
  const changes = reaction.matches.map(({ reactant, product }, k) => {
    const [from, to] = [name(reactant), name(product)];
    return { from: from.said, to: to.said, symbol: from.symbol, values: shown.map(({ changes: all }) => all[k] ?? NaN) };
  });
  const size = (/** @type {Change} */ { values }) => Math.max(...values.map(Math.abs));
  return changes.sort((a, b) => size(b) - size(a));
}

/** @param {ReactionAnswer} reaction @returns {string[]} remarks of the service on its molecules, but for where geometries come from and, told with the grades, open shells */
export function remarksOf(reaction) {
  const closed = speciesOf(reaction).filter(({ open_shell: open }) => !open);
  return [...new Set(closed.flatMap(({ molecule: { warnings, geometry } }) => warnings.filter((warning) => warning !== geometry?.note)))];
}
