import assert from "node:assert/strict";
import { test } from "node:test";
import { matte } from "../../frontend/js/lib/matte.js";

/** @param {number[]} color 0 to 255 @param {number} opacity @param {number} background */
const over = (color, opacity, background) => [...color.map((c) => Math.round(opacity * c + (1 - opacity) * background)), 255];

test("a picture on black and on white tells colour and opacity, which give it on any background", () => {
  const pixels = [
    { color: [200, 40, 90], opacity: 1 },
    { color: [127, 163, 197], opacity: 0.65 },
    { color: [250, 250, 250], opacity: 0.2 },
    { color: [0, 0, 0], opacity: 0 },
  ];
  const black = Uint8ClampedArray.from(pixels.flatMap(({ color, opacity }) => over(color, opacity, 0)));
  const white = Uint8ClampedArray.from(pixels.flatMap(({ color, opacity }) => over(color, opacity, 255)));
  matte(black, white);
  for (const [i, { color, opacity }] of pixels.entries()) {
    const found = [...black.slice(4 * i, 4 * i + 4)];
    assert.ok(Math.abs((found[3] ?? 0) / 255 - opacity) < 0.01);
    for (let channel = 0; channel < 3; channel += 1) {
      for (const background of [30, 246]) {
        const a = (found[3] ?? 0) / 255;
        const there = a * (found[channel] ?? 0) + (1 - a) * background;
        assert.ok(Math.abs(there - (over(color, opacity, background)[channel] ?? 0)) < 2.5);
      }
    }
  }
});
