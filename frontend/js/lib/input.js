/** What people give for a molecule, and what a molecule is called. */
const FORMATS = Object.freeze({ xyz: "xyz", extxyz: "extxyz", sdf: "sdf", sd: "sdf", mol: "mol", cif: "cif", smi: "auto", smiles: "auto", txt: "auto" });

/** Endings of files that are opened, of one molecule or of many. */
export const FILES = Object.freeze([...Object.keys(FORMATS), "csv", "tsv"].map((ending) => `.${ending}`));

/** @param {string} name of a file @returns {string | null} the service's name of its format */
export function formatOf(name) {
  const extension = name.split(".").pop()?.toLowerCase() ?? "";
  return Object.hasOwn(FORMATS, extension) ? FORMATS[/** @type {keyof typeof FORMATS} */ (extension)] : null;
}

/** @param {string} content of a file @returns {string} its SMILES, if it has one a line, which a name follows; else all of it */
export function lineOf(content) {
  const lines = content.trim().split(/\r?\n/);
  return lines.length === 1 ? (lines[0] ?? "").split(/\s/)[0] ?? "" : content;
}

/** @param {string} pasted lines of a file @returns {string} what of it stands in the box: the first one with words */
export function headOf(pasted) {
  // a molfile begins with its title, which may be empty, and the name of the program that wrote it
  if (/V[23]000\s*$/.test(pasted.split("\n")[3] ?? "")) return pasted.split("\n", 1)[0]?.trim().slice(0, 60) ?? "";
  return pasted.trim().split("\n").find((line) => /[A-Za-z]{2}/.test(line))?.trim().slice(0, 60) ?? "";
}

/** @param {import("../types.js").Molecule} molecule @returns {string} what people call it */
export function titleOf(molecule) {
  return molecule.name || molecule.smiles || molecule.formula;
}
