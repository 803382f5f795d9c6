/**
 * The picture in words, for those who do not see it: an atom with its values and its neighbours, and the molecule with what
 * is remarkable in it.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("./quantities.js").Column} Column
 */
import { atomName } from "./atoms.js";
import { probeElement } from "./fields.js";
import { wayOf } from "./live.js";
import { fieldDimension } from "./sliced.js";
import { shownPairs } from "./pairs.js";
import { atomTrust, columns, QUANTITIES, shortName, worstTrust } from "./quantities.js";
import { columnLimit } from "./scale.js";
import { compared, nameOf as nameOfMolecule, namesOf } from "./comparison.js";
import { differenceName, differencePairs, differenceSurfaces, shownDifference } from "./differences.js";
import { elementName, text } from "./text.js";
import { decimals, prettyNumber, withUnit } from "./units.js";

/** Values that differ by less than this part of their scale count as equal: their colours do not differ. */
const EQUAL = 0.005;
/** So many atoms with the highest or lowest value are named, else one of them. */
const MOST_NAMED = 4;

/** @param {State} state @param {number} atom from 0 @returns {number[]} the atoms that it is bonded to, in their order */
export function bondedTo({ molecule }, atom) {
  return (molecule?.bonds ?? []).flatMap(([from, to]) => (from === atom ? [to] : to === atom ? [from] : [])).sort((a, b) => a - b);
}

/**
 * The atom that a step leads to: the next or the last one by number, or a bonded neighbour.
 *
 * @param {State} state
 * @param {number | null} from where the walk stands; null: it begins
 * @param {{by: 1 | -1} | {bond: number}} step `bond`: the how manieth neighbour, from 0
 * @returns {number | null} null where it leads nowhere
 */
export function walked(state, from, step) {
  const count = state.molecule?.symbols.length ?? 0;
  if (count === 0) return null;
  if ("bond" in step) return from === null ? null : (bondedTo(state, from)[step.bond] ?? null);
  if (from === null) return step.by > 0 ? 0 : count - 1;
  return (from + step.by + count) % count;
}

/** @param {{dimension: import("../types.js").Dimension, scale: string}} column @returns {string} what its numbers are */
function nameOf({ dimension, scale }) {
  return dimension === "charge" ? text.table.charge : text.table.contribution[scale === "atomization" ? "atomization" : "output"];
}

/** @param {State} state @param {number} atom from 0 @returns {string[]} what the networks give it, and how they or two molecules differ there */
function valuesAt(state, atom) {
  const { unit, molecule, comparison } = state;
  const found = compared(state);
  if (molecule && comparison && found) {
    const { dimension, view, network, partner, first, second, differences } = found;
    const show = (/** @type {number | null | undefined} */ value, sign = false) => withUnit(value ?? NaN, dimension, unit, { sign });
    const [own, other] = namesOf(molecule, comparison.other);
    const place = partner[atom] ?? null;
    return [
      text.spoken.value(shortName(network.model), nameOf({ dimension, scale: view }), show(first[atom])),
      ...(place === null ? [text.spoken.noPartner(other)] : [
        text.spoken.partner(atomName(comparison.other.symbols[place] ?? "", place), other, show(second[place])),
        text.spoken.difference(text.comparison.difference(other, own), show(differences[atom], true)),
      ]),
    ];
  }
  const less = shownDifference(state);
  return [
    ...columns(state).map((column) => text.spoken.value(shortName(column.model), nameOf(column), withUnit(column.values[atom] ?? NaN, column.dimension, unit))),
    ...(less ? [text.spoken.difference(less.name, withUnit(less.values[atom] ?? NaN, less.dimension, unit, { sign: true }))] : []),
  ];
}

/** @param {State} state @param {number} atom from 0 @returns {string} */
export function describeAtom(state, atom) {
  const { molecule, selected } = state;
  const symbol = molecule?.symbols[atom];
  if (!molecule || symbol === undefined) return text.spoken.left;
  const grade = atomTrust(spokenOf(state), atom);
  const neighbours = bondedTo(state, atom).map((other) => atomName(molecule.symbols[other] ?? "", other));
  return [
    text.spoken.atom(atom + 1, molecule.symbols.length, elementName(symbol), atomName(symbol, atom)),
    ...valuesAt(state, atom),
    ...(grade ? [text.spoken.trust(text.trust[grade])] : []),
    ...(neighbours.length > 0 ? [text.spoken.bonded(neighbours)] : molecule.cell ? [] : [text.spoken.alone]),
    ...(selected.includes(atom) ? [text.spoken.selected] : []),
  ].join(" ");
}

/** @param {State} state @returns {import("../types.js").Prediction[]} of the page's molecule, whose values are spoken of */
function spokenOf(state) {
  const found = compared(state);
  return found ? [found.network.first] : columns(state).map(({ prediction }) => prediction);
}

/** @param {State} state @returns {string[]} sentences */
export function describeMolecule(state) {
  const { molecule, comparison } = state;
  if (!molecule) return [];
  if (comparison) {
    const [own, other] = namesOf(molecule, comparison.other);
    return [...contents(molecule, own), ...contents(comparison.other, other), text.comparison.with(other, comparison.pairs.length), ...ofBoth(state), ...ofTrust(state)];
  }
  const way = wayOf(state);
  return [...(way ? [text.alchemy.described[way.lambda === 1 ? "end" : "between"](way.from, way.to, way.percent)] : contents(molecule, nameOfMolecule(molecule))), ...totals(state), ...ofAtoms(state), ...ofDifference(state), ...ofPairs(state), ...ofFields(state), ...ofTrust(state)];
}

/** @param {import("../types.js").Molecule} molecule @param {string} called in sentences @returns {string[]} of what it consists */
function contents(molecule, called) {
  const { symbols, formula } = molecule;
  const counts = [...new Set(symbols)].map((symbol) => `${symbols.filter((other) => other === symbol).length} ${elementName(symbol)}`);
  // one without a name is called by its formula already
  const names = nameOfMolecule(molecule) === formula ? [called] : [called, formula];
  return [text.spoken.molecule(names, symbols.length, counts.join(", "))];
}

/** @param {State} state @returns {string[]} what each network predicts */
function totals(state) {
  return columns(state).map(({ model, prediction }) => totalOf(state, shortName(model), model, prediction));
}

/** @param {State} state @param {string} whose @param {import("../types.js").Model} model @param {import("../types.js").Prediction} prediction @returns {string} */
function totalOf({ unit }, whose, model, { total, uncertainty }) {
  const energy = model.property === "energy";
  const value = (/** @type {number} */ number) => (energy ? withUnit(number, "energy", unit) : `${prettyNumber(number, decimals("D"))}\u00a0D`);
  const what = energy ? (model.periodic ? text.crystal.energy : text.stage.energy) : text.stage.dipole;
  return text.spoken.total(whose, what, value(total), uncertainty === null ? null : value(uncertainty));
}

/** @param {State} state @returns {string[]} what one network predicts for two molecules, and where they differ */
function ofBoth(state) {
  const { molecule, comparison } = state;
  const found = compared(state);
  if (!molecule || !comparison || !found) return [];
  const { model, first, second } = found.network;
  const [own, other] = namesOf(molecule, comparison.other);
  const alone = found.partner.flatMap((place, atom) => (place === null ? [atomName(molecule.symbols[atom] ?? "", atom)] : []));
  return [
    totalOf(state, `${shortName(model)}, ${own}`, model, first), totalOf(state, `${shortName(model)}, ${other}`, model, second),
    ...differing(state, text.comparison.difference(other, own), found.differences, found.dimension),
    ...(alone.length > 0 ? [text.spoken.apart(other, text.spoken.and(alone))] : []),
  ];
}

/** @param {State} state @returns {string[]} where two networks differ */
function ofDifference(state) {
  const less = shownDifference(state);
  return less ? differing(state, less.name, less.values, less.dimension) : [];
}

/**
 * @param {State} state
 * @param {string} title
 * @param {(number | null)[]} differences (n_atoms) eV or e
 * @param {import("../types.js").Dimension} dimension
 * @returns {string[]} the highest difference and the lowest
 */
function differing({ molecule, unit }, title, differences, dimension) {
  const known = differences.flatMap((value, atom) => (value === null ? [] : [{ value, atom }])).sort((a, b) => a.value - b.value);
  const [low, high] = [known[0], known.at(-1)];
  if (!low || !high) return [];
  const called = ({ atom = 0 }) => atomName(molecule?.symbols[atom] ?? "", atom);
  const show = ({ value = 0 }) => withUnit(value, dimension, unit, { sign: true });
  return [`${title}: ${text.spoken.extremes(text.spoken.ofDifference, called(high), show(high), called(low), show(low))}`];
}

/** @param {State} state @returns {string[]} the highest and the lowest atoms, and those alike */
function ofAtoms(state) {
  const { molecule, quantity, unit } = state;
  const shown = columns(state);
  if (!molecule || QUANTITIES[quantity].field !== null || quantity === "pairs" || shown.length === 0) return [];
  const called = (/** @type {number} */ atom) => atomName(molecule.symbols[atom] ?? "", atom);
  const alike = equalAtoms(state, shown);
  // those that are alike are named together, unless they are too many to listen to
  const among = (/** @type {number} */ atom) => {
    const own = alike.find((atoms) => atoms.includes(atom)) ?? [atom];
    return own.length > MOST_NAMED ? called(atom) : text.spoken.and(own.map(called));
  };
  const extremes = shown.map((column) => {
    const { values, dimension } = column;
    const [high, low] = [values.indexOf(Math.max(...values)), values.indexOf(Math.min(...values))];
    const value = (/** @type {number} */ atom) => withUnit(values[atom] ?? NaN, dimension, unit, { sign: true });
    return `${shortName(column.model)}: ${text.spoken.extremes(nameOf(column), among(high), value(high), among(low), value(low))}`;
  });
  const groups = alike.map((atoms) => text.spoken.and(atoms.map(called)));
  return [...extremes, groups.length > 0 ? text.spoken.same(groups) : text.spoken.differ];
}

/**
 * Atoms of one element to which every network gives the same: by the symmetry of the molecule, mostly.
 *
 * @param {State} state
 * @param {Column[]} shown
 * @returns {number[][]} groups of two and more
 */
export function equalAtoms(state, shown) {
  const near = (/** @type {number} */ a, /** @type {number} */ b) => shown.every((column) =>
    Math.abs((column.values[a] ?? 0) - (column.values[b] ?? 0)) < EQUAL * columnLimit(state, column.scale, column.values));
  /** @type {number[][]} */
  const groups = [];
  for (const [atom, symbol] of (state.molecule?.symbols ?? []).entries()) {
    const own = groups.find(([first = 0]) => state.molecule?.symbols[first] === symbol && near(first, atom));
    if (own) own.push(atom);
    else groups.push([atom]);
  }
  return groups.filter((group) => group.length > 1);
}

/** @param {State} state @returns {string[]} */
function ofPairs(state) {
  const { quantity, pairs, molecule, unit } = state;
  if (quantity !== "pairs" || !molecule) return [];
  const strongest = (/** @type {string} */ name, /** @type {import("./pairs.js").Pair[]} */ found) => {
    const [most] = [...found].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
    if (!most) return [];
    const names = most.atoms.map((atom) => atomName(molecule.symbols[atom] ?? "", atom)).join("–");
    return [text.spoken.pairs(name, names, withUnit(most.value, "energy", unit, { sign: true }))];
  };
  return [
    ...columns(state).flatMap(({ model }) => {
      const found = pairs[model.name];
      return found ? strongest(shortName(model), shownPairs(state, found)) : [];
    }),
    ...strongest(differenceName(state) ?? "", differencePairs(state)),
  ];
}

/** @param {State} state @returns {string[]} between which values each field lies on what is drawn of it */
function ofFields(state) {
  const { quantity, fields, surfaces, unit } = state;
  if (QUANTITIES[quantity].field === null) return [];
  const probe = probeElement(state);
  const range = (/** @type {string} */ name, /** @type {number} */ from, /** @type {number} */ to) => {
    const value = (/** @type {number} */ number) => withUnit(number, fieldDimension(state), unit, { sign: true, fewer: 1 });
    return text.spoken.surface(name, text.quantity.names[quantity], elementName(probe), value(from), value(to));
  };
  const ends = (/** @type {number[]} */ values) => /** @type {const} */ ([values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)]);
  return [
    ...columns(state).flatMap(({ model }) => {
      const known = fields[model.name]?.field?.elements[probe];
      if (!known) return [];
      const drawn = (surfaces[model.name] ?? []).flatMap(({ level, mesh }) => (level === null ? [...mesh.values] : []));
      return [range(shortName(model), ...(drawn.length > 0 ? ends(drawn) : /** @type {const} */ ([known.minimum, known.maximum])))];
    }),
    ...differenceSurfaces(state).map(({ mesh }) => range(differenceName(state) ?? "", ...ends([...mesh.values]))),
  ];
}

/** @param {State} state @returns {string[]} */
function ofTrust(state) {
  const predictions = spokenOf(state);
  const symbols = state.molecule?.symbols ?? [];
  const grade = worstTrust(predictions.flatMap(({ trust, molecule_trust: whole }) => (whole ? [whole.grade] : (trust ?? []))));
  if (!grade) return [];
  const crystal = Boolean(state.molecule?.cell);
  const whole = text.trust.whole[grade];
  const graded = /** @type {const} */ (["outside", "unusual"]).flatMap((one) => {
    const names = symbols.flatMap((symbol, atom) => (atomTrust(predictions, atom) === one ? [atomName(symbol, atom)] : []));
    return names.length > 0 ? [{ one, names: text.spoken.and(names), count: names.length }] : [];
  });
  const worst = graded[0]?.one ?? "inside";
  // said side by side, a better whole and worse atoms would contradict each other
  if (worst !== grade && worstTrust([grade, worst]) === worst) {
    return [text.spoken.gradeOfWhole(whole, crystal, graded.map(({ one, names, count }) => text.spoken.gradedAtoms[one](names, count)))];
  }
  return [text.spoken.grade(whole, crystal), ...graded.map(({ one, names }) => text.spoken.graded[one](names))];
}
