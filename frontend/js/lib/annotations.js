/**
 * Annotations: what stands over the picture at points of space that are no atoms: numbers on contours, the point
 * that was clicked with the line through it.
 *
 * @typedef {import("../types.js").Vector} Vector
 * @typedef {{text: string, position: Vector}} Note
 * @typedef {{from: Vector, to: Vector, at: Vector}} Pin a line, Å, and the point on it
 * @typedef {{x: number, y: number, scale?: number}} Point pixels; pixels per Å there
 */
import { ARROW } from "./color.js";

const FONT = "550 11.5px ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const LINE_HEIGHT = 14;
/** Pixels: near the camera an arrow would cover its atoms. */
const MOST_WIDTH = 6;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {(point: Vector) => Point} project
 * @param {{notes: Note[], pin: Pin | null}} annotations
 * @param {{ink: string, halo: string, accent: string}} colors
 */
export function drawAnnotations(context, project, { notes, pin }, colors) {
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { text, x, y } of placeNotes(notes.map(({ text: note, position }) => ({ text: note, ...project(position) })), (note) => context.measureText(note).width)) {
    context.lineWidth = 3.5;
    context.strokeStyle = colors.halo;
    context.strokeText(text, x, y);
    context.fillStyle = colors.ink;
    context.fillText(text, x, y);
  }
  if (pin) drawPin(context, project(pin.from), project(pin.to), project(pin.at), colors);
}

/**
 * Arrows lie over the balls, into which they may lead, and under the labels.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {(point: Vector) => Point} project
 * @param {import("./arrows.js").Arrow[]} arrows
 * @param {string} halo
 */
export function drawArrows(context, project, arrows, halo) {
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { from, to, cross, radius } of arrows) {
    const [tail, tip] = [project(from), project(to)];
    const length = Math.hypot(tip.x - tail.x, tip.y - tail.y);
    const width = Math.min(MOST_WIDTH, Math.max(2, 2 * radius * (tip.scale ?? 0)));
    const head = Math.min(3.4 * width, length);
    if (length < 1) continue; // towards the reader
    const [ux, uy] = [(tip.x - tail.x) / length, (tip.y - tail.y) / length];
    const neck = { x: tip.x - head * ux, y: tip.y - head * uy };
    for (const [color, wider] of /** @type {const} */ ([[halo, 3], [ARROW, 0]])) {
      context.strokeStyle = color;
      context.fillStyle = color;
      context.lineWidth = width + wider;
      context.beginPath();
      context.moveTo(tail.x, tail.y);
      context.lineTo(neck.x, neck.y);
      if (cross) {
        const at = project(cross);
        context.moveTo(at.x - 2 * width * uy, at.y + 2 * width * ux);
        context.lineTo(at.x + 2 * width * uy, at.y - 2 * width * ux);
      }
      context.stroke();
      context.lineWidth = Math.max(1, wider);
      context.beginPath();
      context.moveTo(tip.x, tip.y);
      context.lineTo(neck.x - 0.5 * head * uy, neck.y + 0.5 * head * ux);
      context.lineTo(neck.x + 0.5 * head * uy, neck.y - 0.5 * head * ux);
      context.closePath();
      context.fill();
      context.stroke();
    }
  }
}

/** @param {(Point & {text: string})[]} notes the first come first @param {(text: string) => number} measure pixels @returns {(Point & {text: string})[]} those that cover no other */
export function placeNotes(notes, measure) {
  /** @type {(Point & {text: string, half: number})[]} */
  const placed = [];
  for (const note of notes) {
    const half = measure(note.text) / 2 + 3;
    const free = placed.every((other) => Math.abs(other.x - note.x) > half + other.half || Math.abs(other.y - note.y) > LINE_HEIGHT);
    if (free) placed.push({ ...note, half });
  }
  return placed;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} from @param {Point} to @param {Point} at
 * @param {{halo: string, accent: string}} colors
 */
function drawPin(context, from, to, at, { halo, accent }) {
  for (const [color, width] of /** @type {const} */ ([[halo, 3.5], [accent, 1.5]])) {
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.setLineDash(color === accent ? [5, 4] : []);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
  context.setLineDash([]);
  for (const [color, radius] of /** @type {const} */ ([[halo, 6.5], [accent, 5], [halo, 1.8]])) {
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.fill();
  }
}
