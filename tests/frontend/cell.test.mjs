import assert from "node:assert/strict";
import { test } from "node:test";

import { cellParameters, edgesOf, extentOf, fractionsOf, imagesOf, intoCell, placeOf } from "../../frontend/js/lib/cell.js";
import { testError } from "../../frontend/js/lib/units.js";

const SKEWED = [[3, 0, 0], [1, 4, 0], [0.5, -0.7, 5]];
const CUBE = [[4, 0, 0], [0, 4, 0], [0, 0, 4]];

const close = (a, b, tolerance = 1e-9) => a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) < tolerance, `${a} ≠ ${b}`));
const crystal = (cell, positions) => ({ cell, positions, symbols: positions.map(() => "Na"), bonds: [] });

test("fractions and places are each other's inverse", () => {
  for (const fractions of [[0.2, 0.3, 0.9], [-1.4, 2, 0.5]]) close(fractionsOf(SKEWED, placeOf(SKEWED, fractions)), fractions);
});

test("atoms are moved into the cell by lattice vectors alone", () => {
  const outside = crystal(SKEWED, [placeOf(SKEWED, [1.25, -0.5, 3.75]), placeOf(SKEWED, [-1e-12, 0.5, 1])]);
  const inside = intoCell(outside);
  close(fractionsOf(SKEWED, inside.positions[0]), [0.25, 0.5, 0.75]);
  close(fractionsOf(SKEWED, inside.positions[1]), [0, 0.5, 0], 1e-6);
  assert.equal(intoCell(outside), inside, "the same object each time");
  const molecule = crystal(null, [[9, 9, 9]]);
  assert.equal(intoCell(molecule), molecule);
});

test("an atom at a corner has seven images, on an edge three, on a face one, inside none", () => {
  const count = (...fractions) => imagesOf(crystal(SKEWED, [placeOf(SKEWED, fractions)])).length;
  assert.deepEqual([count(0, 0, 0), count(0, 0.5, 0), count(0.5, 0.5, 0.001), count(0.5, 0.4, 0.3)], [7, 3, 1, 0]);
  assert.equal(count(0.995, 0.5, 0.5), 1);
  const images = imagesOf(crystal(CUBE, [[0, 0, 0]]));
  assert.ok(images.some(({ position }) => position.every((x) => x === 4)));
  assert.ok(images.every(({ atom }) => atom === 0));
});

test("a cell has twelve edges, four along each vector, between its eight corners", () => {
  const edges = edgesOf(SKEWED);
  assert.equal(edges.length, 12);
  const lengths = edges.map(([a, b]) => Math.hypot(...a.map((x, i) => x - b[i])));
  SKEWED.forEach((vector, k) => close(lengths.slice(4 * k, 4 * k + 4), Array(4).fill(Math.hypot(...vector))));
  assert.equal(new Set(edges.flat().map((corner) => corner.map((x) => x.toFixed(6)).join())).size, 8);
  assert.equal(extentOf(crystal(SKEWED, [[0, 0, 0]])).length, 25);
});

test("parameters are lengths, angles and volume", () => {
  const { lengths, angles, volume } = cellParameters([[2, 0, 0], [0, 3, 0], [0, 4 * Math.cos(Math.PI / 3), 4 * Math.sin(Math.PI / 3)]]);
  close(lengths, [2, 3, 4]);
  close(angles, [60, 90, 90]);
  assert.ok(Math.abs(volume - 2 * 3 * 4 * Math.sin(Math.PI / 3)) < 1e-9);
});

test("an error per atom follows the unit", () => {
  assert.equal(testError(0.1, "eV/atom", "kcal/mol").replace("\u00a0", " "), "2.31 kcal/mol\u00a0per atom");
  assert.match(testError(0.045, "eV/atom", "eV"), /^0\.04\d*.eV.per atom$/);
});
