/**
 * Element vectors as the page shows them: where elements stand in the periodic table, what colours they have, and how
 * near their vectors are to one another.
 *
 * @typedef {import("../types.js").ElementVectors} ElementVectors
 * @typedef {"euclidean" | "cosine"} Metric
 */
import { diverging, gradientCss, hex, oklabToRgb } from "./color.js";
import { text } from "./text.js";
import { prettyNumber } from "./units.js";

/** Symbols in the order of atomic numbers. */
export const SYMBOLS = Object.freeze(Object.keys(text.elements));
/** Atomic numbers with which periods begin, and the end. */
const PERIODS = Object.freeze([1, 3, 11, 19, 37, 55, 87, 119]);
/** p and adjusted p below which something is no chance. */
export const LEVEL = 0.05;

/**
 * The place in the usual table of 18 columns, lanthanoids and actinoids in two rows below it.
 *
 * @param {number} number atomic
 * @returns {{row: number, column: number}} from 1
 */
export function tablePlace(number) {
  const row = PERIODS.findIndex((first) => first > number);
  const place = number - (PERIODS[row - 1] ?? 1);
  if (row >= 6 && place >= 2 && place <= 16) return { row: row + 3, column: place + 2 };
  if (number === 2) return { row, column: 18 };
  if (row <= 3) return { row, column: place < 2 ? place + 1 : place + 11 };
  return { row, column: row <= 5 || place < 2 ? place + 1 : place - 13 };
}

/** Hues (degrees) of the main groups, spread over the circle; transition metals share the arc between groups 2 and 13. */
const HUES = Object.freeze({ 1: 25, 2: 62, 13: 165, 14: 205, 15: 245, 16: 285, 17: 325, 18: 355 });
/** Families beyond the groups have no place on the circle of hues. */
const OTHER_FAMILIES = Object.freeze({ lanthanoids: /** @type {const} */ ([0.8, 0.02, 90]), actinoids: /** @type {const} */ ([0.68, 0.02, 90]) });

/**
 * A pale colour for a group, on which dark letters are read. Neighbouring groups have neighbouring hues, and those of even
 * number are darker, so that they stay apart where hues do not.
 *
 * @param {string} family "1" to "18", "lanthanoids", "actinoids"
 * @returns {string} "#rrggbb"
 */
export function familyColor(family) {
  const group = Number(family);
  const [lightness, chroma, hue] = Number.isNaN(group)
    ? OTHER_FAMILIES[/** @type {keyof typeof OTHER_FAMILIES} */ (family)] ?? OTHER_FAMILIES.lanthanoids
    : [group % 2 ? 0.87 : 0.74, group === 18 ? 0.04 : 0.11, HUES[/** @type {keyof typeof HUES} */ (group)] ?? 80 + 6 * group];
  const angle = (hue * Math.PI) / 180;
  return hex(/** @type {[number, number, number]} */ (oklabToRgb([lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]).map((c) => Math.min(1, Math.max(0, c)))));
}

/** Corners of a group's shape, and by how much it is turned and larger than a circle: what colour says, its shape says too. @type {Readonly<Record<string, readonly [number, number, number]>>} */
const SHAPES = Object.freeze({ 1: [0, 0, 1], 2: [4, 45, 1.25], 13: [4, 0, 1.3], 14: [6, 0, 1.13], 15: [5, 0, 1.2], 16: [3, 0, 1.55], 17: [3, 180, 1.55], 18: [8, 22.5, 1.08] });
/** Of groups 3 to 12, lanthanoids and actinoids: a flat hexagon. */
const OTHER_SHAPE = /** @type {const} */ ([6, 30, 1.13]);

/**
 * @param {string} family "1" to "18", "lanthanoids", "actinoids"
 * @param {number} radius of the circle that it stands for
 * @returns {string} path of a shape around the origin
 */
export function familyShape(family, radius) {
  const [corners, turn, larger] = SHAPES[family] ?? OTHER_SHAPE;
  if (corners === 0) return `M${-radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = ((turn + (360 * i) / corners) * Math.PI) / 180;
    return `${(larger * radius * Math.sin(angle)).toFixed(1)} ${(-larger * radius * Math.cos(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}

/** Steps in which points are moved apart. */
const STEPS = 200;

/**
 * Moves points apart that stand closer than a distance, as little as that takes; others stay where they are.
 *
 * @param {{x: number, y: number}[]} points
 * @param {number} distance
 * @param {{left: number, right: number, top: number, bottom: number}} frame that none may leave
 * @returns {{x: number, y: number}[]}
 */
export function apart(points, distance, frame) {
  const moved = points.map(({ x, y }) => ({ x, y }));
  for (let step = 0; step < STEPS; step++) {
    let pushed = false;
    for (const [i, a] of moved.entries()) for (const [j, b] of moved.slice(0, i).entries()) {
      const away = Math.hypot(a.x - b.x, a.y - b.y);
      if (away >= distance - 1e-3) continue;
      // of two at one place each takes a direction of its own
      const [dx, dy] = away > 1e-6 ? [(a.x - b.x) / away, (a.y - b.y) / away] : [Math.cos(i + 2 * j), Math.sin(i + 2 * j)];
      const push = (distance - away) / 2;
      Object.assign(a, inside({ x: a.x + push * dx, y: a.y + push * dy }, frame));
      Object.assign(b, inside({ x: b.x - push * dx, y: b.y - push * dy }, frame));
      pushed = true;
    }
    if (!pushed) break;
  }
  return moved;
}

/** @param {{x: number, y: number}} point @param {{left: number, right: number, top: number, bottom: number}} frame @returns {{x: number, y: number}} */
function inside({ x, y }, { left, right, top, bottom }) {
  return { x: Math.min(right, Math.max(left, x)), y: Math.min(bottom, Math.max(top, y)) };
}

/** @param {string} color "#rrggbb" @returns {"#000000" | "#ffffff"} letters of the better contrast on it (WCAG's relative luminance) */
export function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map((start) => {
    const c = parseInt(color.slice(start, start + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0) > 0.179 ? "#000000" : "#ffffff";
}

/**
 * What colours the periodic table: a component or a property of the elements.
 *
 * @param {ElementVectors} found
 * @param {number} member
 * @param {string} by "0" to "3", or a property
 * @returns {{values: (number | null)[], low: number, high: number, color: (value: number) => string, gradient: string}} values (n_elements);
 *   components run from minus their largest to their largest, properties from their least to their largest; gradient: of CSS, low to high
 */
export function coloring(found, member, by) {
  const component = Number(by);
  const values = Number.isNaN(component)
    ? (found.properties[by] ?? [])
    : (found.members[member]?.components ?? []).map((row) => row[component] ?? null);
  const known = values.filter((value) => value !== null);
  const most = Math.max(...known.map(Math.abs), 1e-12);
  const [low, high] = Number.isNaN(component) ? [Math.min(...known), Math.max(...known)] : [-most, most];
  // a property has no middle from which both ends differ: its colours are those of one side
  const from = Number.isNaN(component) ? 0 : -1;
  const color = (/** @type {number} */ value) => hex(diverging(high > low ? from + ((1 - from) * (value - low)) / (high - low) : 0));
  return { values, low, high, color, gradient: gradientCss(17, from) };
}

/**
 * How far an element's vector is from every other.
 *
 * @param {number[][]} vectors (n_elements, n_features)
 * @param {number} element
 * @param {Metric} metric
 * @returns {{element: number, distance: number}[]} nearest first, without itself
 */
export function neighbours(vectors, element, metric) {
  const own = vectors[element] ?? [];
  const dot = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
  const far = (/** @type {number[]} */ other) => metric === "cosine"
    ? 1 - dot(own, other) / (Math.sqrt(dot(own, own) * dot(other, other)) || 1)
    : Math.hypot(...own.map((x, i) => x - (other[i] ?? 0)));
  return vectors.map((other, i) => ({ element: i, distance: far(other) }))
    .filter((entry) => entry.element !== element)
    .sort((a, b) => a.distance - b.distance);
}

/** @param {number} share @returns {string} "85 %" */
export function percent(share) {
  return `${Math.round(100 * share)}\u00a0%`;
}

/** @param {number} p @returns {string} */
export function pText(p) {
  return p < 0.001 ? `< ${prettyNumber(0.001, 3)}` : prettyNumber(p, 3);
}

/**
 * The element one step away in the periodic table, over gaps.
 *
 * @param {readonly string[]} known symbols
 * @param {string} from symbol
 * @param {string} key of the keyboard
 * @returns {string | null} null: there is none that way, or the key moves nothing
 */
export function nextInTable(known, from, key) {
  const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[key];
  if (!step) return null;
  const places = known.map((symbol) => ({ symbol, ...tablePlace(SYMBOLS.indexOf(symbol) + 1) }));
  const here = places.find(({ symbol }) => symbol === from);
  if (!here) return null;
  const [down, right] = /** @type {[number, number]} */ (step);
  const ahead = places.map((place) => ({ ...place, along: (place.row - here.row) * down + (place.column - here.column) * right,
    across: Math.abs(down ? place.column - here.column : place.row - here.row) }))
    .filter(({ along, across }) => along > 0 && (across === 0 || down !== 0));
  ahead.sort((a, b) => a.across - b.across || a.along - b.along);
  return ahead[0]?.symbol ?? null;
}

/**
 * How the page of element vectors is looked at: it stands in the address, so that whoever is sent it sees the same.
 *
 * @typedef {{network: number, by: string, metric: Metric, element: string | null}} Look `network`: from 0; `by`: what colours the table
 */

/** @param {{search: string}} location @returns {Look} */
export function parseLook({ search }) {
  const asked = new URLSearchParams(search);
  const network = Number(asked.get("network") ?? 1) - 1;
  return {
    network: Number.isInteger(network) && network >= 0 ? network : 0,
    by: asked.get("by") ?? "0",
    metric: asked.get("metric") === "cosine" ? "cosine" : "euclidean",
    element: asked.get("element"),
  };
}

/** @param {string} model @param {Look} look @returns {string} address; what is usual is not said */
export function lookAddress(model, { network, by, metric, element }) {
  return `/embeddings?${new URLSearchParams({
    model,
    ...(network > 0 ? { network: String(network + 1) } : {}),
    ...(by === "0" ? {} : { by }),
    ...(metric === "euclidean" ? {} : { metric }),
    ...(element === null ? {} : { element }),
  })}`;
}
