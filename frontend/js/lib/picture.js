/**
 * The picture as a file: the panes side by side under their titles, and the legend of their colours.
 *
 * @typedef {{title: string, room: boolean, picture: HTMLCanvasElement, overlay: HTMLCanvasElement}} Shot `room`: above
 *   the molecule for a title
 * @typedef {{name: string, from: string, to: string, zeros: string}} LegendTexts
 */
import { gradientCss } from "./color.js";
import { shortened } from "./shortening.js";

/** CSS pixels of the band above the panes and of that below, with and without a legend. */
const BAND = Object.freeze({ heading: 54, title: 34, legend: 66, bare: 12 });
const BAR = Object.freeze({ width: 320, height: 12 });
/** Of a title, CSS pixels: its letters, the smaller ones where the larger have no room, and what it leaves free in its pane. */
const TITLE = Object.freeze({ letters: [15, 13, 11], margin: 16 });
const FAMILY = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";

/**
 * How a picture of that size is divided: one frame for each pane, and pixels in a CSS pixel, by which letters grow.
 *
 * @param {{width: number, height: number}} wanted of the whole picture, pixels
 * @param {{width: number, height: number}} shown all panes side by side as the page shows them, CSS pixels
 * @param {{panes: number, room: boolean, legend: boolean, heading: boolean}} parts `room`: above the molecules for titles
 * @returns {{frame: {width: number, height: number}, ratio: number}} frame: CSS pixels
 */
export function divided(wanted, shown, { panes, ...parts }) {
  const bands = bandsOf(parts);
  const ratio = Math.min(wanted.width / shown.width, wanted.height / (shown.height + bands));
  return { frame: { width: wanted.width / ratio / panes, height: Math.max(1, wanted.height / ratio - bands) }, ratio };
}

/** @param {{room: boolean, legend: boolean, heading: boolean}} parts @returns {number} CSS pixels above and below the panes */
function bandsOf({ room, legend, heading }) {
  return (heading ? BAND.heading : 0) + (room ? 0 : BAND.title) + (legend ? BAND.legend : BAND.bare);
}

/** @param {{width: number, height: number}} shown all panes side by side, CSS pixels @param {{room: boolean, legend: boolean, heading: boolean}} parts @returns {{width: number, height: number}} of the picture as the page shows it */
export function wholeSize(shown, parts) {
  return { width: shown.width, height: shown.height + bandsOf(parts) };
}

/**
 * @param {Shot[]} shots
 * @param {number} ratio pixels of the file in a CSS pixel
 * @param {LegendTexts | null} legend null: the colours are those of elements
 * @param {{background: string, ink: string}} palette
 * @param {boolean} transparent
 * @param {{width: number, height: number}} size of the whole, pixels
 * @param {[string, string] | null} heading what the picture shows, and by which models; null: without
 * @returns {HTMLCanvasElement}
 */
export function composePicture(shots, ratio, legend, palette, transparent, size, heading) {
  const above = ratio * (heading ? BAND.heading : 0);
  const band = shots.every(({ room }) => room) ? 0 : BAND.title;
  const top = Math.round(above + ratio * band);
  const tallest = Math.max(...shots.map(({ picture }) => picture.height));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas to draw the picture on");
  if (!transparent) {
    context.fillStyle = palette.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.fillStyle = palette.ink;
  context.textAlign = "center";
  context.textBaseline = "middle";
  if (heading) {
    const width = 0.96 * canvas.width;
    context.font = `600 ${16 * ratio}px ${FAMILY}`;
    context.fillText(heading[0], canvas.width / 2, 20 * ratio, width);
    context.font = `400 ${12 * ratio}px ${FAMILY}`;
    context.fillText(heading[1], canvas.width / 2, 41 * ratio, width);
  }
  let left = 0;
  for (const { title, picture, overlay } of shots) {
    context.drawImage(picture, left, top);
    context.drawImage(overlay, left, top);
    context.fillText(fittedTitle(context, title, picture.width, ratio), left + picture.width / 2, above + ratio * (BAND.title / 2 + (band ? 0 : BAND.title)));
    left += picture.width;
  }
  if (legend) drawLegend(context, legend, canvas.width / 2, top + tallest, ratio);
  return canvas;
}

/** @param {CanvasRenderingContext2D} context takes the letters of the title @param {string} title @param {number} width of its pane, pixels @param {number} ratio @returns {string} what of it has room */
function fittedTitle(context, title, width, ratio) {
  const fits = (/** @type {string} */ part) => context.measureText(part).width <= width - TITLE.margin * ratio;
  for (const size of TITLE.letters) {
    context.font = `600 ${size * ratio}px ${FAMILY}`;
    if (fits(title)) break;
  }
  return shortened(title, fits);
}

/** @param {CanvasRenderingContext2D} context @param {LegendTexts} legend @param {number} middle @param {number} top @param {number} ratio */
function drawLegend(context, { name, from, to, zeros }, middle, top, ratio) {
  const width = Math.min(BAR.width * ratio, 0.55 * context.canvas.width);
  const left = middle - width / 2;
  const colors = context.createLinearGradient(left, 0, left + width, 0);
  const stops = gradientCss().match(/#[0-9a-f]{6}/g) ?? [];
  stops.forEach((color, i) => colors.addColorStop(i / (stops.length - 1), color));
  context.font = `500 ${12.5 * ratio}px ${FAMILY}`;
  // narrower letters where a single small pane has too little room for the line
  context.fillText(zeros ? `${name} (${zeros})` : name, middle, top + 14 * ratio, 0.96 * context.canvas.width);
  const [bar, ends] = [top + 28 * ratio, top + 34 * ratio];
  const ink = context.fillStyle;
  context.fillStyle = colors;
  context.fillRect(left, bar, width, BAR.height * ratio);
  context.fillStyle = ink;
  context.textAlign = "right";
  context.fillText(from, left - 8 * ratio, ends);
  context.textAlign = "left";
  context.fillText(to, left + width + 8 * ratio, ends);
}
