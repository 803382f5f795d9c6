/**
 * Colours: a diverging scale for values around zero, and the colours of the elements.
 *
 * The scale runs from blue (negative) over a light neutral grey (zero) to orange (positive). Blue against
 * orange stays distinct under protanopia, deuteranopia and tritanopia, as ColorBrewer's PuOr and RdBu do
 * (Brewer, Hatchard, Harrower, Cartogr. Geogr. Inf. Sci. 30, 5 (2003)). Its anchors are given as lightness,
 * chroma and hue in OKLab and joined there by straight lines, so that equal steps of the value are nearly
 * equal steps of the eye (B. Ottosson, "A perceptual color space for image processing", 2020,
 * https://bottosson.github.io/posts/oklab/; matrices from there, public domain).
 *
 * @typedef {[number, number, number]} Triple
 */

/** Anchors at −1, −½, 0, ½, 1: OKLab lightness, chroma, hue in degrees. Lightness is symmetric about zero. */
const ANCHORS = /** @type {const} */ ([
  [0.44, 0.15, 258],
  [0.7, 0.11, 245],
  [0.935, 0.006, 90],
  [0.7, 0.135, 62],
  [0.5, 0.145, 45],
]);

/** @param {readonly [number, number, number]} lch @returns {Triple} OKLab */
function labOf([lightness, chroma, hue]) {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

const LAB_ANCHORS = ANCHORS.map(labOf);

/** @param {number} linear @returns {number} sRGB channel, 0..1 (IEC 61966-2-1) */
function encode(linear) {
  const value = Math.min(1, Math.max(0, linear));
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** @param {number} value sRGB channel, 0..1 @returns {number} linear */
function decode(value) {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** @param {Triple} lab @returns {Triple} sRGB, 0..1 */
export function oklabToRgb([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** @param {Triple} rgb sRGB, 0..1 @returns {Triple} OKLab */
export function rgbToOklab([red, green, blue]) {
  const [r, g, b] = [decode(red), decode(green), decode(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {Triple} rgb 0..1 @returns {string} "#rrggbb" */
export function hex(rgb) {
  return `#${rgb.map((c) => Math.round(c * 255).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The scale's colour at a position.
 *
 * @param {number} t −1 (negative end) to 1 (positive end); beyond: the end's colour; NaN: the neutral
 * @returns {Triple} sRGB, 0..1
 */
export function diverging(t) {
  const position = (Math.min(1, Math.max(-1, Number.isNaN(t) ? 0 : t)) + 1) * 2;
  const index = Math.min(3, Math.floor(position));
  const fraction = position - index;
  const from = /** @type {Triple} */ (LAB_ANCHORS[index]);
  const to = /** @type {Triple} */ (LAB_ANCHORS[index + 1]);
  return oklabToRgb([
    from[0] + fraction * (to[0] - from[0]),
    from[1] + fraction * (to[1] - from[1]),
    from[2] + fraction * (to[2] - from[2]),
  ]);
}

/**
 * @param {number} value
 * @param {number} limit the value at which the scale ends, of the same unit
 * @returns {string} "#rrggbb"
 */
export function valueColor(value, limit) {
  return hex(diverging(limit > 0 ? value / limit : 0));
}

/** @param {number} stops @param {number} from −1, or 0 for its upper half @returns {string} the scale as a CSS gradient from left to right */
export function gradientCss(stops = 17, from = -1) {
  const colors = Array.from({ length: stops }, (_, i) => hex(diverging(from + ((1 - from) * i) / (stops - 1))));
  return `linear-gradient(to right, ${colors.join(", ")})`;
}

/** Sticks, where the balls carry values. */
export const NEUTRAL = hex(diverging(0));
export const STICK = "#9aa1a8";
/** Arrows: not of the scale, seen on the light stage and on the dark one. */
export const ARROW = "#8a56c9";

/** After the colours of Corey, Pauling and Koltun's models as Jmol orders them, calmed for flat lighting. */
const ELEMENT_COLORS = Object.freeze({
  H: "#e9edf0", B: "#e8a3a3", C: "#59626b", N: "#3f68d8", O: "#d8433c", F: "#63b64d", Na: "#8b63c9", Mg: "#58a83e",
  Al: "#b5a4a4", Si: "#cfae86", P: "#e8892b", S: "#d9b92e", Cl: "#38a64a", K: "#7f4fc0", Ca: "#4d9c3b", Fe: "#c8683a",
  Zn: "#7a80ab", Se: "#d08a1f", Br: "#96392f", I: "#84249a",
});

/** @param {string} symbol @returns {string} "#rrggbb" */
export function elementColor(symbol) {
  return Object.hasOwn(ELEMENT_COLORS, symbol)
    ? ELEMENT_COLORS[/** @type {keyof typeof ELEMENT_COLORS} */ (symbol)]
    : "#b083b8";
}
