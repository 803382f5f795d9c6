/** Many molecules and reactions: columns and values of the table, filters, equations in parts, atoms by their change. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { batchColumns, blamed, cellOf, isTable, matches, rowName, rowTrust, tableAddress, valueOf } from "../../frontend/js/lib/batch.js";
import { changesOf, lineOf, partsOf, reactionModels, remarksOf, spreadOf } from "../../frontend/js/lib/reactions.js";

const model = (name, family, property, set) => ({ name, family, property, training_set: set });
const models = [
  model("o-schnet-energy", "schnet", "energy", "organic"), model("q-schnet-energy", "schnet", "energy", "qm9"),
  model("q-bp-energy", "bp", "energy", "qm9"), model("q-bp-dipole", "bp", "dipole", "qm9"),
];
const short = (name, property, total, grade = "inside") => ({
  model: name, property, unit: property === "energy" ? "eV" : "debye", total, uncertainty: null, atomization: property === "energy" ? -total : null,
  molecule_trust: grade && { grade, reason: null },
});
const row = (more) => ({ file: "", record: 1, input: "CCO", name: "", molecule: "m", formula: "C2H6O", smiles: "CCO", atoms: 9, warnings: [], predictions: [], shown: [], error: null, ...more });

test("columns are of the properties and families that have a value, energies first", () => {
  const rows = [row({ predictions: [short("q-bp-dipole", "dipole", 1), short("o-schnet-energy", "energy", 2)] }), row({ predictions: [] })];
  assert.deepEqual(batchColumns({ rows }, models).map(({ key }) => key), ["energy schnet", "dipole bp"]);
  assert.deepEqual(batchColumns({ rows: [] }, models), []);
});

test("a cell is of the model that fits the molecule, or of the training set that was chosen", () => {
  const one = row({ predictions: [short("o-schnet-energy", "energy", 2), short("q-schnet-energy", "energy", 3)], shown: ["o-schnet-energy"] });
  const column = { key: "energy schnet", property: "energy", family: "schnet" };
  assert.equal(cellOf(one, column, models, null).total, 2);
  assert.equal(cellOf(one, column, models, "qm9").total, 3);
  assert.equal(cellOf(one, column, models, "materials"), null);
  assert.equal(cellOf(one, { ...column, family: "bp" }, models, null), null);
  assert.equal(valueOf(cellOf(one, column, models, null), "atomization"), -2);
  assert.equal(valueOf(short("q-bp-dipole", "dipole", 1.5), "atomization"), 1.5);
  assert.equal(valueOf(null, "total"), null);
});

test("a row is as the worst of what it shows, and says of which value where others are better", () => {
  const columns = ["energy schnet", "dipole bp", "dipole schnet"].map((key) => ({ key, property: key.split(" ")[0], family: key.split(" ")[1] }));
  const cells = [short("a", "energy", 1, "unusual"), short("b", "dipole", 1, "outside"), null];
  assert.equal(rowTrust(cells), "outside");
  assert.deepEqual(blamed(columns, cells).map(({ key }) => key), ["dipole bp"]);
  assert.deepEqual(blamed(columns, [short("a", "energy", 1), short("b", "dipole", 1), null]), [], "all are alike");
  assert.equal(rowTrust([short("a", "energy", 1, null)]), null);
  assert.deepEqual(blamed(columns, [short("a", "energy", 1, null), null, null]), []);
});

test("a filter looks for every word in what is said of the molecule", () => {
  const one = row({ name: "grain alcohol", error: { message: "not closed" } });
  for (const words of ["", "ALCOHOL", "c2h6o grain", "closed cco"]) assert.ok(matches(one, words), words);
  assert.ok(!matches(one, "grain benzene"));
  assert.deepEqual([one, row({}), row({ smiles: "", input: "C1CC" })].map(rowName), ["grain alcohol", "CCO", "C1CC"]);
});

test("tables are of many molecules, files of geometries may be of one", () => {
  assert.deepEqual(["a.CSV", "b.smi", "c.sdf", "d.xyz"].map(isTable), [true, true, false, false]);
});

test("the line of an equation and its parts are the same", () => {
  for (const line of ["2 H2 + O2 -> 2 H2O", "1,3-butadiene + ethene -> cyclohexene", "C[N+](=O)[O-] -> C + 2 1,3-butadiene", "C=C + [HH] -> CC"])
    assert.equal(lineOf(partsOf(line)), line);
  assert.deepEqual(partsOf("2H2+ O2 → 3*H2O"), { reactants: [{ coefficient: 2, text: "H2" }, { coefficient: 1, text: "O2" }], products: [{ coefficient: 3, text: "H2O" }] });
  const smiles = partsOf("CC=O.N>>CC=N.O");
  assert.deepEqual([smiles.reactants, smiles.products].map((side) => side.map(({ text }) => text)), [["CC=O", "N"], ["CC=N", "O"]], "a reaction SMILES");
  assert.equal(lineOf(smiles), "CC=O + N -> CC=N + O");
  assert.equal(lineOf(partsOf("CC+[HH]->2C")), "CC + [HH] -> 2 C");
  assert.equal(lineOf(partsOf("C[N+](=O)[O-]+(+)-limonene -> H+ + OH-")), "C[N+](=O)[O-] + (+)-limonene -> H+ + OH-");
  assert.deepEqual(partsOf("ethene"), { reactants: [{ coefficient: 1, text: "ethene" }], products: [] });
  assert.deepEqual(partsOf(""), { reactants: [], products: [] });
});

test("agents of a reaction SMILES have no box", () => {
  const { reactants, products } = partsOf("CC(=O)O.OCC>[H+]>CC(=O)OCC.O");
  assert.deepEqual([reactants, products].map((side) => side.map(({ text }) => text)), [["CC(=O)O", "OCC"], ["CC(=O)OCC", "O"]]);
});

test("the table of a few lines has an address", () => {
  assert.equal(tableAddress("CCO\nCCN\n"), "/batch?q=CCO%0ACCN");
  assert.equal(tableAddress("CCO\n".repeat(10000)), "/batch");
});

const species = (text, coefficient, symbols) => ({ text, coefficient, molecule: { symbols } });
const reaction = {
  reactants: [species("H2", 2, ["H", "H"])], products: [species("X", 1, ["H", "H", "H", "H"])],
  matches: [[0, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 2], [0, 1, 1, 3]].map(([of, copy, atom, to]) => ({ reactant: [of, copy, atom], product: [1, 0, to] })),
  predictions: [{ model: "q-schnet-energy", changes: [0.1, -3, 0, 1] }, { model: "q-bp-energy", changes: [0, 0, -4, 0] }, { model: "o-schnet-energy", changes: [0, 0, 0, 0] }],
  choice: [{ model: "q-schnet-energy" }, { model: "q-bp-energy" }],
};

test("networks that fit the reaction come first, BP before SchNet", () => {
  assert.deepEqual(reactionModels(reaction, models).map(({ model: name, chosen }) => [name, chosen]), [["q-bp-energy", true], ["q-schnet-energy", true], ["o-schnet-energy", false]]);
});

test("what a molecule of a reaction was read as is said, but not where its geometry comes from", () => {
  const read = (warnings, open = false) => ({ ...species("CO", 1, ["C"]), open_shell: open, molecule: { symbols: ["C"], geometry: { note: "Made." }, warnings } });
  const answer = { ...reaction, reactants: [read(["Made.", "CO was read as SMILES."])], products: [read(["CO was read as SMILES."]), read(["Unpaired."], true)] };
  assert.deepEqual(remarksOf(answer), ["CO was read as SMILES."]);
});

test("outside of the training data a reaction has no uncertainty", () => {
  assert.deepEqual(["inside", "unusual", "outside"].map((grade) => spreadOf({ grade, uncertainty: 0.06 })), [0.06, 0.06, null]);
  assert.equal(spreadOf({ grade: "inside", uncertainty: null }), null);
});

test("atoms are ordered by their largest change, and named by their molecule and its copy", () => {
  const changes = changesOf(reaction, reaction.predictions.slice(0, 2));
  assert.deepEqual(changes.map(({ from, to }) => [from, to]), [
    ["H1 · H2 (2)", "H3 · X"], ["H2 · H2 (1)", "H2 · X"], ["H2 · H2 (2)", "H4 · X"], ["H1 · H2 (1)", "H1 · X"],
  ]);
  assert.deepEqual(changes[0].values, [0, -4]);
});
