import assert from "node:assert/strict";
import { test } from "node:test";

import { parseRoute } from "../../frontend/js/lib/route.js";
import { apart, coloring, familyColor, familyShape, inkOn, neighbours, nextInTable, percent, pText, SYMBOLS, tablePlace } from "../../frontend/js/lib/vectors.js";

const place = (symbol) => {
  const { row, column } = tablePlace(SYMBOLS.indexOf(symbol) + 1);
  return [row, column];
};

test("118 elements have 118 places", () => {
  assert.equal(SYMBOLS.length, 118);
  assert.equal(new Set(SYMBOLS.map((symbol) => place(symbol).join())).size, 118);
  const known = { H: [1, 1], He: [1, 18], B: [2, 13], Al: [3, 13], Sc: [4, 3], Zn: [4, 12], Xe: [5, 18], La: [9, 4], Lu: [9, 18], Hf: [6, 4], Rn: [6, 18], Ac: [10, 4], Og: [7, 18] };
  for (const [symbol, where] of Object.entries(known)) assert.deepEqual(place(symbol), where, symbol);
});

test("letters on every colour have a contrast of at least 4.5", () => {
  const light = (color) => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = { members: [{ components: Array.from({ length: 81 }, (_, i) => [(i - 40) / 40]) }], properties: {} };
  const scale = coloring(found, 0, "0");
  const families = [...Array.from({ length: 18 }, (_, i) => String(i + 1)), "lanthanoids", "actinoids"];
  for (const color of [...families.map(familyColor), ...scale.values.map(scale.color)]) {
    const [a, b] = [light(color), light(inkOn(color))].sort((x, y) => y - x);
    assert.ok((a + 0.05) / (b + 0.05) >= 4.5, color);
  }
  assert.equal(new Set(families.map(familyColor)).size, 20);
});

test("components run from minus their largest to it, properties from least to largest", () => {
  const found = { members: [{ components: [[2, 0.1], [-1, 0.4], [0.5, -0.2]] }], properties: { period: [1, 2, null] } };
  assert.deepEqual([coloring(found, 0, "0").low, coloring(found, 0, "0").high], [-2, 2]);
  const period = coloring(found, 0, "period");
  assert.deepEqual([period.low, period.high, period.values[2]], [1, 2, null]);
  assert.notEqual(period.color(1), period.color(2));
  // a property has no middle: its scale has one side, from the neutral on
  assert.equal(period.color(1), coloring(found, 0, "0").color(0));
  assert.ok(period.gradient.startsWith(`linear-gradient(to right, ${period.color(1)}`) && period.gradient.endsWith(`${period.color(2)})`));
});

test("neighbours by distance and by cosine differ where lengths do", () => {
  const vectors = [[1, 0], [5, 0], [0.8, 0.5]];
  assert.deepEqual(neighbours(vectors, 0, "euclidean").map(({ element }) => element), [2, 1]);
  const [first, second] = neighbours(vectors, 0, "cosine");
  assert.deepEqual([first.element, first.distance, second.element], [1, 0, 2]);
  assert.ok(Math.abs(neighbours(vectors, 0, "euclidean")[0].distance - Math.hypot(0.2, 0.5)) < 1e-12);
});

test("arrow keys move over gaps of the table, along rows and to the nearest column", () => {
  const known = ["H", "He", "Li", "Be", "B", "Al", "K", "La"];
  assert.equal(nextInTable(known, "H", "ArrowRight"), "He");
  assert.equal(nextInTable(known, "Be", "ArrowRight"), "B");
  assert.equal(nextInTable(known, "B", "ArrowDown"), "Al");
  assert.equal(nextInTable(known, "K", "ArrowRight"), null);
  assert.equal(nextInTable(known, "K", "ArrowUp"), "Li");
  assert.equal(nextInTable(known, "H", "Tab"), null);
});

test("shares and p are written as people read them", () => {
  assert.equal(percent(0.846), "85\u00a0%");
  assert.deepEqual([pText(0.0001), pText(0.0421)], ["< 0.001", "0.042"]);
});

test("the address names the model", () => {
  assert.deepEqual(parseRoute({ pathname: "/embeddings", search: "?model=materials-mp" }), { page: "vectors", id: "materials-mp", query: null });
  assert.equal(parseRoute({ pathname: "/embeddings/", search: "" }).id, null);
});

test("every main group has a shape of its own", () => {
  assert.equal(new Set(["1", "2", "13", "14", "15", "16", "17", "18", "5"].map((family) => familyShape(family, 10))).size, 9);
  assert.equal(familyShape("3", 10), familyShape("lanthanoids", 10));
});

test("points that lie over one another are moved apart inside the frame, and others stay", () => {
  const frame = { left: 0, right: 100, top: 0, bottom: 100 };
  const points = [{ x: 50, y: 50 }, { x: 50, y: 50 }, { x: 52, y: 50 }, { x: 1, y: 1 }, { x: 0, y: 2 }, { x: 90, y: 10 }];
  const moved = apart(points, 10, frame);
  moved.forEach((a, i) => moved.slice(0, i).forEach((b) => assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 9.9)));
  assert.ok(moved.every(({ x, y }) => x >= 0 && x <= 100 && y >= 0 && y <= 100));
  assert.deepEqual(moved[5], points[5]);
  assert.ok(moved.slice(0, 3).every(({ x, y }) => Math.hypot(x - 50, y - 50) < 14), "as little as it takes");
  assert.deepEqual(points[0], { x: 50, y: 50 });
});
