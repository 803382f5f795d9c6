/**
 * A molecule in motion: what is asked of the service, and what its answers hold (docs/http.md, Live).
 *
 * @typedef {import("../types.js").LiveAnswer} LiveAnswer
 * @typedef {import("../types.js").LiveRequest} LiveRequest
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Prediction} Prediction
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Surface} Surface
 * @typedef {import("../types.js").Vector} Vector
 */
import { FADES_IN, formulaAtEnd, nameAtEnd, symbolsAtEnd } from "./alchemy.js";
import { atomName } from "./atoms.js";
import { nameOf } from "./comparison.js";
import { currentLevel, drawnLevels, ENVELOPE, fieldModels, median, probeElement } from "./fields.js";
import { decodeMesh } from "./mesh.js";
import { columns, QUANTITIES } from "./quantities.js";
import { frameOf, isUnderWay, shownWay } from "./relaxation.js";
import { along, basePlane, cutSheet } from "./slice.js";
import { text } from "./text.js";

/** Surfaces that came while something moved; they stay until others take their place. */
const KEY = "live ";

/** @param {State} state @returns {Molecule | null} as it is just now */
export function shownMolecule(state) {
  const { moving, molecule } = state;
  const way = shownWay(state);
  return moving?.molecule ?? (way && molecule && isUnderWay(state) ? frameOf(way, molecule) : molecule);
}

/** @param {Pick<State, "alchemy">} state @returns {boolean} whether the surfaces are those of a molecule on its way to another */
export function onTheWay({ alchemy }) {
  // an atom that fades in is not there at the beginning
  return Boolean(alchemy?.answer && (alchemy.lambda > 0 || alchemy.changes.some(({ fade }) => fade === FADES_IN)));
}

/** @param {Pick<State, "alchemy">} state @returns {boolean} whether the molecule is to stand on its way to another, and the path is not there yet */
export function isAwaited({ alchemy }) {
  return alchemy !== null && alchemy.answer === null && alchemy.lambda > 0;
}

/**
 * @typedef {object} Way an alchemical path, and the place on it
 * @property {number} lambda 0 to 1
 * @property {number} percent of it
 * @property {string} from what the molecule at its beginning is called
 * @property {string} to and that at its end; its formula, where it has no name
 * @property {string} formula of the molecule at its end
 *
 * @param {Pick<State, "molecule" | "alchemy">} state
 * @returns {Way | null} null where the molecule is itself
 */
export function wayOf({ molecule, alchemy }) {
  if (!molecule || !alchemy || !onTheWay({ alchemy })) return null;
  const { lambda, changes } = alchemy;
  const formula = formulaAtEnd(molecule, changes);
  return { lambda, percent: Math.round(100 * lambda), from: nameOf(molecule), to: nameAtEnd(molecule, changes) ?? formula, formula };
}

/** @param {State} state @returns {string} what the picture is of: the molecule, the one at the end of its way, or a place between both */
export function shownName(state) {
  const way = wayOf(state);
  if (!way) return state.molecule ? nameOf(state.molecule) : "";
  return way.lambda === 1 ? way.to : text.alchemy.place(way.from, way.to, way.percent);
}

/**
 * @param {State} state
 * @returns {string[]} (n_atoms) what stands on the atoms of the picture: names as in the molecule; of one on its way to another
 *   element with that one, C1→N; nothing on one that is gone
 */
export function shownAtomNames(state) {
  const { molecule, alchemy } = state;
  if (!molecule) return [];
  const names = molecule.symbols.map(atomName);
  const way = wayOf(state);
  if (!way || !alchemy) return names;
  return symbolsAtEnd(molecule, alchemy.changes).map((symbol, atom) => {
    const name = names[atom] ?? "";
    if (symbol === null) return way.lambda === 1 ? "" : name;
    return symbol === molecule.symbols[atom] ? name : `${name}→${symbol}`;
  });
}

/**
 * What is wanted of the models just now.
 *
 * @param {State} state
 * @param {boolean} fine
 * @returns {LiveRequest | null} null where nothing moves, or the picture shows nothing that would follow
 */
export function liveRequest(state, fine) {
  const { molecule, moving, alchemy, probe, quantity } = state;
  const way = onTheWay(state) ? alchemy : null;
  if (!molecule || (!moving && !way)) return null;
  const field = QUANTITIES[quantity].field !== null;
  if (way && !field) return null; // the path has the contributions already
  const known = way?.answer?.paths.map(({ model }) => model);
  const shown = field ? fieldModels(state).map(({ name }) => name) : columns(state).map(({ model }) => model.name);
  const models = shown.filter((name) => !known || known.includes(name));
  if (models.length === 0) return null;
  /** @type {LiveRequest} */
  const request = { molecule: molecule.id, models, fine };
  if (moving) request.positions = moving.molecule.positions;
  if (way) Object.assign(request, { changes: way.changes, lambda: way.lambda });
  const level = currentLevel(state);
  if (!field || (probe.mode === "isosurface" && level === null)) return request;
  request.element = probeElement(state);
  if (probe.mode === "envelope") request.envelope = ENVELOPE;
  else if (probe.mode === "slice") request.plane = slicePlane(probe.slice, shownMolecule(state)?.positions ?? []);
  else request.isovalues = drawnLevels(state, level ?? 0);
  return request;
}

/** @param {State["probe"]["slice"]} slice @param {Vector[]} atoms positions, Å @returns {import("../types.js").Plane} where it cuts */
function slicePlane(slice, atoms) {
  const { origin, normal } = basePlane(slice, atoms);
  return { origin: along(origin, slice.offset, normal), normal };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {Vector[]} atoms positions, Å, about which a slice is laid
 * @returns {LiveAnswer}
 * @throws {RangeError} if it is not as long as its header says
 */
export function decodeAnswer(buffer, atoms) {
  const length = new DataView(buffer).getInt32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let place = 4 + length;
  /** @type {LiveAnswer["models"]} */
  const models = [];
  for (const { model, prediction, surfaces, volume } of header.models) {
    /** @type {Surface[]} */
    const drawn = [];
    for (const { level, bytes } of surfaces) {
      const mesh = decodeMesh(buffer.slice(place, place + bytes));
      drawn.push({ key: `${KEY}${header.id} ${model} ${level}`, mesh, level, median: level ?? median(mesh.values) });
      place += bytes;
    }
    if (volume) {
      const values = new Float32Array(buffer.slice(place, place + volume.bytes));
      const sheet = cutSheet({ ...volume, values }, header.plane, atoms);
      if (sheet) drawn.push({ key: `${KEY}${header.id} ${model} slice`, mesh: sheet.mesh, level: null, median: 0, sheet });
      place += volume.bytes;
    }
    models.push({ model, prediction, surfaces: drawn });
  }
  if (place !== buffer.byteLength) throw new RangeError(`an answer of ${buffer.byteLength} bytes where ${place} were announced`);
  return { id: header.id, fine: header.fine, models };
}

/** @param {State["surfaces"]} surfaces @returns {State["surfaces"]} those that came while something moved */
export function liveSurfaces(surfaces) {
  return Object.fromEntries(Object.entries(surfaces).filter(([, drawn]) => drawn.some(({ key }) => key.startsWith(KEY))));
}

/** @param {Molecule} molecule @param {number[]} atoms @param {Vector} by Å @returns {Molecule} with these atoms elsewhere */
export function displaced(molecule, atoms, [x, y, z]) {
  const positions = molecule.positions.map((p, atom) => (atoms.includes(atom) ? /** @type {Vector} */ ([p[0] + x, p[1] + y, p[2] + z]) : p));
  return { ...molecule, positions };
}
