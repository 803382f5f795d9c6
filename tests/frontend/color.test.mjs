import assert from "node:assert/strict";
import { test } from "node:test";
import { diverging, elementColor, gradientCss, hex, oklabToRgb, rgbToOklab, valueColor } from "../../frontend/js/lib/color.js";

const STEPS = Array.from({ length: 41 }, (_, i) => i / 20 - 1);
const lightness = (t) => rgbToOklab(diverging(t))[0];
const distance = (a, b) => Math.hypot(...a.map((c, i) => c - b[i]));

test("zero is a light neutral grey, in the middle of the scale", () => {
  const [L, a, b] = rgbToOklab(diverging(0));
  assert.ok(L > 0.9);
  assert.ok(Math.hypot(a, b) < 0.01);
  assert.equal(valueColor(0, 20), hex(diverging(0)));
});

test("negative values are blue and positive ones orange", () => {
  for (const t of STEPS.filter((step) => Math.abs(step) >= 0.1)) {
    const [red, , blue] = diverging(t);
    assert.ok(t < 0 ? blue > red : red > blue, `at ${t}`);
  }
});

test("both sides darken evenly and by the same amount", () => {
  for (let i = 1; i < STEPS.length; i++) {
    const [from, to] = [STEPS[i - 1], STEPS[i]];
    assert.ok(to <= 0 ? lightness(to) > lightness(from) : lightness(to) < lightness(from), `from ${from} to ${to}`);
  }
  for (const t of STEPS) assert.ok(Math.abs(lightness(t) - lightness(-t)) < 0.07, `at ${t}`);
});

test("a value beyond the limit has the end's colour, and no number has the neutral", () => {
  assert.equal(valueColor(31, 20), valueColor(20, 20));
  assert.equal(valueColor(-31, 20), valueColor(-20, 20));
  assert.equal(valueColor(NaN, 20), valueColor(0, 20));
  assert.equal(valueColor(3, 0), valueColor(0, 20));
});

/**
 * How people without one kind of cone see linear sRGB: Machado, Oliveira, Fernandes, IEEE Trans. Vis. Comput.
 * Graph. 15, 1291 (2009), severity 1.
 */
const BLINDNESS = {
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const decode = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const encode = (c) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
const clamp = (c) => Math.min(1, Math.max(0, c));
const seen = (matrix, rgb) => matrix.map((row) => encode(clamp(row.reduce((sum, c, i) => sum + c * decode(rgb[i]), 0))));

for (const [name, matrix] of Object.entries(BLINDNESS)) {
  test(`the signs of a value stay apart under ${name}`, () => {
    const look = (t) => rgbToOklab(seen(matrix, diverging(t)));
    for (const t of STEPS.filter((step) => step >= 0.25)) assert.ok(distance(look(t), look(-t)) > 0.1, `at ±${t}`);
  });

  test(`size still grows from the middle outwards under ${name}`, () => {
    const look = (t) => rgbToOklab(seen(matrix, diverging(t)))[0];
    for (const side of [-1, 1]) {
      for (let t = 0; t < 1; t += 0.125) assert.ok(look(side * (t + 0.125)) < look(side * t), `${side * t}`);
    }
  });
}

test("OKLab and sRGB are each other's inverse", () => {
  for (const rgb of [[0, 0, 0], [1, 1, 1], [0.2, 0.5, 0.9], [0.8, 0.3, 0.1]]) {
    assert.ok(distance(oklabToRgb(rgbToOklab(rgb)), rgb) < 1e-6);
  }
});

test("the legend's gradient has the scale's own colours at its ends and in its middle", () => {
  const colors = gradientCss(5).match(/#[0-9a-f]{6}/g);
  assert.deepEqual(colors, [-1, -0.5, 0, 0.5, 1].map((t) => hex(diverging(t))));
});

test("every element has a colour, and an unknown one is no other's", () => {
  assert.match(elementColor("C"), /^#[0-9a-f]{6}$/);
  assert.equal(elementColor("Og"), elementColor("toString"));
  assert.notEqual(elementColor("Og"), elementColor("C"));
});
