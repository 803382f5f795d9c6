/** A state of the page with formaldehyde explained by two energy models and one dipole model, for tests. */
import { initialState } from "../../frontend/js/store.js";

const model = (name, family, property) => ({
  name, title: name, family, training_set: "x", property, unit: property === "energy" ? "eV" : "debye",
  contribution_unit: property === "energy" ? "eV" : "e", elements: ["H", "C", "N", "O"], checkpoint: `sha of ${name}`,
  members: 1, test: { mae: 0.5, unit: "kcal/mol", n: 5000 }, heavy_atoms_max_trained: 9,
  free_atom_energies: property === "energy" ? { H: -13.6, C: -1029.9, N: -1485.3, O: -2042.6 } : null,
});

const prediction = (name, property, contributions) => ({
  model: name, checkpoint: `sha of ${name}`, property, unit: property === "energy" ? "eV" : "debye",
  contribution_unit: property === "energy" ? "eV" : "e", total: -3100, uncertainty: null, vector: null, contributions,
  references: property === "energy" ? [-1036, -2047, -16.7, -16.7] : null, contribution_spread: null, trust: null,
});

export function sample(changes = {}) {
  return {
    ...initialState(),
    models: [model("x-schnet-energy", "schnet", "energy"), model("x-bp-energy", "bp", "energy"), model("x-bp-dipole", "bp", "dipole")],
    molecule: {
      id: "f00d", name: "formaldehyde", formula: "CH2O", symbols: ["C", "O", "H", "H"], numbers: [6, 8, 1, 1],
      positions: [[0, 0, 0], [1.2, 0, 0], [-0.6, 0.9, 0], [-0.6, -0.9, 0]], bonds: [[0, 1, 2], [0, 2, 1], [0, 3, 1]],
      charge: 0, smiles: "C=O", geometry: { source: "file", method: null, note: null }, warnings: [],
    },
    predictions: [
      prediction("x-schnet-energy", "energy", [0.1, -0.2, 0.3, -0.4]),
      prediction("x-bp-dipole", "dipole", [0.3, -0.4, 0.05, 0.05]),
      prediction("x-bp-energy", "energy", [0.5, -0.6, 0.7, -0.8]),
    ],
    ...changes,
  };
}

/** @param {number} actual @param {number} expected @param {number} tolerance */
export const close = (actual, expected, tolerance = 1e-9) => Math.abs(actual - expected) <= tolerance;
