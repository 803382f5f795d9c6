/** What a card lies over is out of sight, not half in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cover, overlap } from "../../frontend/js/lib/covering.js";

const box = (left, top, right, bottom) => ({ left, top, right, bottom });

test("boxes overlap that have points in common, not those that touch", () => {
  assert.ok(overlap(box(0, 0, 10, 10), box(9, 9, 20, 20)));
  assert.ok(overlap(box(0, 0, 10, 10), box(2, 2, 3, 3)));
  for (const other of [box(10, 0, 20, 10), box(0, 10, 10, 20), box(20, 20, 30, 30)]) assert.ok(!overlap(box(0, 0, 10, 10), other));
});

test("buttons yield to a card as long as it lies over them", () => {
  const classes = new Set();
  const buttons = { getBoundingClientRect: () => box(621, 728, 728, 760), classList: { toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)) } };
  let bottom = 530;
  let resized = () => {};
  const gone = [];
  Object.assign(globalThis, {
    document: { querySelectorAll: () => [buttons] },
    window: { addEventListener() {}, removeEventListener: (change) => gone.push(change) },
    ResizeObserver: class {
      constructor(look) {
        resized = look;
      }
      observe() {}
      disconnect() {}
    },
  });
  try {
    const close = cover({ getBoundingClientRect: () => box(664, 55, 1208, bottom) });
    assert.deepEqual([...classes], []);
    bottom = 740; // its parts are unfolded
    resized();
    assert.deepEqual([...classes], ["covered"]);
    close();
    assert.deepEqual([[...classes], gone], [[], ["scroll", "resize"]]);
  } finally {
    for (const name of ["document", "window", "ResizeObserver"]) delete globalThis[name];
  }
});
