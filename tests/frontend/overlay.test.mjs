/** Labels over the picture: only where their atoms are seen, never over one another. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeLabels } from "../../frontend/js/lib/overlay.js";

/** 10 pixels to an Å, balls of 1 Å, 7 pixels to a letter. */
const place = (atoms, { hover = [], selected = [], images = [] } = {}) => placeLabels({
  points: atoms.map(([x, y, depth]) => ({ x, y, depth, scale: 10 })), radii: atoms.map(() => 1), labels: atoms.map((atom) => atom[3]), hover, selected,
  images: images.map(([x, y, depth]) => ({ point: { x, y, depth, scale: 10 }, radius: 1 })),
}, (label) => 7 * label.length);
const atomsOf = (placed) => placed.map(({ atom }) => atom).sort();

test("an atom whose middle a nearer ball covers has no label, even where that ball's own label finds no room", () => {
  // the wide label of the second collides with the nearest one; a short one of the hidden third would have room on its ball
  const front = [0, 0, 5, "−1234567.8"];
  const carbon = [38, 0, 10, "+1234.5"];
  const hydrogen = [45, 5, 15, "0"];
  assert.deepEqual(atomsOf(place([front, hydrogen])), [0, 1], "the short label would have room");
  assert.deepEqual(atomsOf(place([front, carbon, hydrogen])), [0]);
  assert.deepEqual(atomsOf(place([front, carbon, hydrogen], { hover: [2], selected: [2] })), [0], "nor when it is marked");
});

test("what stands behind a ball at its edge keeps its label, and so does the nearer of two", () => {
  assert.deepEqual(atomsOf(place([[0, 0, 5, "1"], [40, 0, 10, "2"]])), [0, 1]);
  assert.deepEqual(atomsOf(place([[0, 0, 5, ""], [11, 0, 10, "2"]])), [1], "its middle is free");
  assert.deepEqual(atomsOf(place([[0, 0, 5, ""], [9, 0, 10, "2"]])), []);
  assert.deepEqual(atomsOf(place([[0, 0, 10, ""], [9, 0, 5, "2"]])), [1], "the nearer one is not hidden");
});

test("images of a crystal's atoms hide what lies behind them", () => {
  assert.deepEqual(atomsOf(place([[0, 0, 10, "1"]], { images: [[4, 0, 5]] })), []);
  assert.deepEqual(atomsOf(place([[0, 0, 10, "1"]], { images: [[4, 0, 15]] })), [0]);
});

test("a label that finds no room is written smaller before it is left out", () => {
  const near = [0, 0, 5, "12345"];
  assert.deepEqual(place([near, [80, 0, 10, "12345"]]).map(({ size }) => size), [12.5, 12.5]);
  const [first, second] = place([near, [37, 0, 10, "12345"]]);
  assert.equal(first.size, 12.5);
  assert.ok(second.size < 12.5);
  assert.equal(place([near, [30, 0, 10, "12345"]]).length, 1);
});

test("labels never overlap, and those of marked atoms come first", () => {
  const atoms = Array.from({ length: 60 }, (_, i) => [(i * 37) % 211, (i * 53) % 97, i, "−12.3"]);
  const boxes = place(atoms).map(({ x, y, size }) => ({ left: x - (35 * size) / 25, right: x + (35 * size) / 25, top: y - size / 2, bottom: y + size / 2 }));
  assert.ok(boxes.length > 5);
  boxes.forEach((a, i) => boxes.slice(0, i).forEach((b) => assert.ok(a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top)));
  assert.deepEqual(atomsOf(place([[0, 0, 5, "12345"], [20, 0, 10, "12345"]])), [0]);
  assert.deepEqual(atomsOf(place([[0, 0, 5, "12345"], [20, 0, 10, "12345"]], { selected: [1] })), [1]);
});
