/** Molecules in: recent ones, what of pasted text stands in the box, and which atoms are the same after an edit. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { formatOf, headOf, lineOf } from "../../frontend/js/lib/input.js";
import { sameAtoms } from "../../frontend/js/lib/edits.js";
import { parseRecent, withRecent } from "../../frontend/js/lib/recent.js";
import { parseRoute } from "../../frontend/js/lib/route.js";

const molecule = (id) => ({ id, formula: "CH4", geometry: { source: "force field", method: "MMFF94", note: "" } });
const entry = { id: "a", title: "methane", formula: "CH4", source: "force field", method: "MMFF94", input: { format: "auto", text: "C" } };

test("the newest molecule is first, and each is there once", () => {
  let recent = [];
  for (const id of ["a", "b", "a"]) recent = withRecent(recent, molecule(id), id, null);
  assert.deepEqual(recent.map(({ id }) => id), ["a", "b"]);
  for (let i = 0; i < 40; i++) recent = withRecent(recent, molecule(`m${i}`), "x", null);
  assert.equal(recent.length, 12);
  assert.equal(recent[0].id, "m39");
});

test("what a browser kept is read again, and what is broken is left out", () => {
  assert.deepEqual(parseRecent(JSON.stringify([entry, { id: 3 }, null, { ...entry, id: "" }, { ...entry, id: "b", input: { format: 1 } }])), [entry]);
  for (const text of [null, "", "{", "7", "{}"]) assert.deepEqual(parseRecent(text), []);
});

test("a file's format follows from its name, and a SMILES file is its first word", () => {
  assert.deepEqual(["a.XYZ", "b.smi", "c.txt", "d.cif", "e.pdf"].map(formatOf), ["xyz", "auto", "auto", "cif", null]);
  assert.equal(lineOf("CCO ethanol\n"), "CCO");
  assert.equal(lineOf("2\n\nH 0 0 0\nH 0 0 0.7\n"), "2\n\nH 0 0 0\nH 0 0 0.7\n");
  assert.equal(headOf("3\nwater, by hand\nO 0 0 0"), "water, by hand");
  const molfile = (title) => `${title}\n     RDKit          3D\n\n  3  2  0  0  0  0  0  0  0  0999 V2000\n`;
  assert.deepEqual([headOf(molfile("")), headOf(molfile("water"))], ["", "water"], "the program's name is not the molecule's");
});

test("atoms are followed through an edit by their places", () => {
  const before = { symbols: ["C", "H", "O"], positions: [[0, 0, 0], [1, 0, 0], [0, 1.4, 0]] };
  const after = { symbols: ["C", "O", "H"], positions: [[0, 0, 0], [0.1, 1.4, 0], [0, -1, 0]] };
  assert.deepEqual(sameAtoms([0, 1, 2], before, after), [0, 1]);
  assert.deepEqual(sameAtoms([1, 2], before, { ...before, positions: before.positions.map(([x, y, z]) => [x + 3, y, z]) }), [1, 2], "the same atoms elsewhere");
});

test("an address may name an example", () => {
  assert.equal(parseRoute({ pathname: "/", search: "?example=benzene" }).example, "benzene");
  assert.deepEqual(parseRoute({ pathname: "/", search: "?q=CCO" }), { page: "main", id: null, query: "CCO" });
});
