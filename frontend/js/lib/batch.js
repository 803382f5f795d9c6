/**
 * Many molecules: what the page makes of the table of their predictions.
 *
 * @typedef {import("../types.js").Batch} Batch
 * @typedef {import("../types.js").BatchFile} BatchFile
 * @typedef {import("../types.js").BatchRow} BatchRow
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").ShortPrediction} ShortPrediction
 * @typedef {import("../types.js").Trust} Trust
 * @typedef {"total" | "atomization"} EnergyKind
 *
 * @typedef {object} Column of values of one property by one family
 * @property {string} key
 * @property {import("../types.js").Property} property
 * @property {string} family
 */
import { textOf } from "./decoding.js";
import { text } from "./text.js";
import { worstTrust } from "./quantities.js";

/** Files of many molecules, by their endings. */
export const BATCH_FILES = Object.freeze([".sdf", ".sd", ".csv", ".tsv", ".smi", ".smiles", ".txt", ".xyz", ".extxyz", ".mol"]);
/** As many as the service treats at once: files, and molecules. */
export const MOST_FILES = 100;
export const MOST_MOLECULES = 1000;
/** Characters that the service reads in one request, with room for what JSON adds. */
export const MOST_CHARACTERS = 1_800_000;
/** Longer texts stand in no address. */
export const LONGEST_QUERY = 1500;

const FAMILIES = ["bp", "schnet"];

/** @param {Pick<File, "name" | "size">[]} files @returns {{message: string, hint: string} | null} why they are not read as many molecules; null: they are */
export function refusalOf(files) {
  const others = files.filter(({ name }) => !BATCH_FILES.some((ending) => name.toLowerCase().endsWith(ending)));
  if (others.length > 0) return { message: text.batch.otherFiles(others.map(({ name }) => name)), hint: text.batch.otherFilesHint(BATCH_FILES.join(", ")) };
  if (files.length > MOST_FILES) return { message: text.batch.tooMany(files.length, MOST_FILES), hint: text.batch.tooLargeHint };
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return size > MOST_CHARACTERS ? { message: text.batch.tooLarge(size, MOST_CHARACTERS), hint: text.batch.tooLargeHint } : null;
}

/** @param {File[]} files @returns {Promise<BatchFile[]>} */
export function textsOf(files) {
  return Promise.all(files.map(async (file) => ({ name: file.name, text: await textOf(file) })));
}

/** @param {string} name of a file @returns {boolean} whether it is of many molecules, and not of one */
export function isTable(name) {
  return [".csv", ".tsv", ".smi", ".smiles"].some((ending) => name.toLowerCase().endsWith(ending));
}

/** @param {Batch} batch @param {Model[]} models @returns {Column[]} that have a value in a row; energies first, BP before SchNet */
export function batchColumns(batch, models) {
  const found = new Set(batch.rows.flatMap(({ predictions }) => predictions.map(({ model, property }) => `${property} ${familyOf(models, model)}`)));
  const families = [...FAMILIES, ...new Set(models.map(({ family }) => family))];
  return /** @type {const} */ (["energy", "dipole"]).flatMap((property) =>
    [...new Set(families)].filter((family) => found.has(`${property} ${family}`)).map((family) => ({ key: `${property} ${family}`, property, family })),
  );
}

/** @param {Model[]} models @param {string} name @returns {string} */
function familyOf(models, name) {
  return models.find((model) => model.name === name)?.family ?? name;
}

/**
 * @param {BatchRow} row
 * @param {Column} column
 * @param {Model[]} models
 * @param {string | null} trainedOn the training set chosen for all rows; null: that which fits each molecule best
 * @returns {ShortPrediction | null}
 */
export function cellOf(row, { property, family }, models, trainedOn) {
  return row.predictions.find((one) => {
    const model = models.find(({ name }) => name === one.model);
    if (one.property !== property || model?.family !== family) return false;
    return trainedOn === null ? row.shown.includes(one.model) : model.training_set === trainedOn;
  }) ?? null;
}

/** @param {ShortPrediction | null} cell @param {EnergyKind} kind @returns {number | null} eV or debye */
export function valueOf(cell, kind) {
  if (!cell) return null;
  return cell.property === "energy" && kind === "atomization" ? cell.atomization : cell.total;
}

/** @param {(ShortPrediction | null)[]} cells @returns {Trust | null} the worst grade of what the row shows, as `atomlens batch` says */
export function rowTrust(cells) {
  return worstTrust(cells.flatMap((cell) => cell?.molecule_trust?.grade ?? []));
}

/**
 * @param {Column[]} columns
 * @param {(ShortPrediction | null)[]} cells one for each column
 * @returns {Column[]} of the values that are graded as the row is; none where all are
 */
export function blamed(columns, cells) {
  const worst = rowTrust(cells);
  const grades = cells.map((cell) => cell?.molecule_trust?.grade ?? null);
  return grades.every((grade) => grade === null || grade === worst) ? [] : columns.filter((_, i) => grades[i] === worst);
}

/** @param {BatchRow} row @returns {string} what people call it */
export function rowName(row) {
  return row.name || row.smiles || row.input || row.formula;
}

/** @param {BatchRow} row @param {string} words @returns {boolean} whether each of the words occurs in what the row says of its molecule */
export function matches(row, words) {
  const said = [row.name, row.formula, row.smiles, row.input, row.file, row.error && text.remark(row.error.message)].join(" ").toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => said.includes(word));
}

/** @param {string} lines of molecules @returns {string} address of their table; of many lines only of its page, to which they must be handed */
export function tableAddress(lines) {
  return lines.length > LONGEST_QUERY ? "/batch" : `/batch?${new URLSearchParams({ q: lines.trim() })}`;
}
