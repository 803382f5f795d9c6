/**
 * The sheet: all pictures of the gallery, which turn together and are drawn at one scale of length.
 *
 * @typedef {import("./types.js").GalleryMolecule} GalleryMolecule
 * @typedef {import("./types.js").View} View
 *
 * @typedef {object} Cell one picture
 * @property {GalleryMolecule} molecule
 * @property {Float32Array} values (n) eV
 * @property {number} zero the value of the scale's middle, eV
 */
import { Envelopes } from "./envelopes.js";
import { fitted, project, turned, zoomed } from "./lib/camera.js";
import { elementColor } from "./lib/color.js";
import { attachGestures, attachKeys } from "./lib/gestures.js";

const RADIANS_PER_PIXEL = 0.0085;
/** Å around every atom that must be seen: the envelope lies as far out. */
const MARGIN = 1.15;
/** Pixels, and of the picture's width at most this part. */
const ATOM_RADIUS = Object.freeze({ most: 2.6, part: 1 / 55 });
const BOND_WIDTH = 1.2;
/** On the surface, which is light in both themes. */
const BOND_COLOR = "rgb(20 24 30 / 55%)";

export class Sheet {
  /** @throws {Error} if the browser gives no WebGL */
  constructor() {
    this.envelopes = new Envelopes();
    /** @type {Map<string, HTMLCanvasElement>} */
    this.canvases = new Map();
    /** @type {Map<string, Cell>} */
    this.cells = new Map();
    /** @type {Map<GalleryMolecule, View>} */
    this.views = new Map();
    this.limit = 1;
    this.frame = 0;
    this.resizes = new ResizeObserver(() => (this.views.size === 0 ? this.fit() : this.redraw()));
  }

  /** @param {string} key @param {HTMLCanvasElement} canvas whose picture is turned, and tapped to follow the link beside it */
  attach(key, canvas) {
    this.canvases.set(key, canvas);
    this.resizes.observe(canvas);
    attachGestures(canvas, { ...this.handlers, tap: () => canvas.parentElement?.querySelector("a")?.click() });
  }

  /** @param {HTMLElement} host that has the focus when keys turn the pictures */
  listen(host) {
    attachKeys(host, { ...this.handlers, tap: () => {} });
  }

  get handlers() {
    return {
      turn: (/** @type {number} */ dx, /** @type {number} */ dy) => this.move((view) => turned(view, dx * RADIANS_PER_PIXEL, dy * RADIANS_PER_PIXEL)),
      zoom: (/** @type {number} */ factor) => this.move((view) => zoomed(view, factor)),
      reset: () => this.fit(),
      shift: () => {}, hover: () => {}, leave: () => {}, wheelRefused: () => {},
    };
  }

  /** @param {Map<string, Cell>} cells @param {number} limit of the scale, eV */
  show(cells, limit) {
    this.cells = cells;
    this.limit = limit;
    this.redraw();
  }

  /** Shows each molecule from its own best side, all from the same distance. */
  fit() {
    const [canvas] = this.canvases.values();
    if (!canvas || canvas.clientWidth === 0) return;
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const molecules = [...new Set([...this.cells.values()].map(({ molecule }) => molecule))];
    const views = molecules.map(({ positions }) => fitted(positions, size, 0, MARGIN));
    const depth = Math.min(...views.map((view) => view[3]));
    this.views = new Map(molecules.map((molecule, i) => {
      const [x = 0, y = 0, z = 0, , ...turn] = views[i] ?? [];
      return [molecule, /** @type {View} */ ([x, y, z, depth, ...turn])];
    }));
    this.redraw();
  }

  /** @param {(view: View) => View} change */
  move(change) {
    for (const [molecule, view] of this.views) this.views.set(molecule, change(view));
    this.redraw();
  }

  redraw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      for (const [key, cell] of this.cells) {
        const canvas = this.canvases.get(key);
        const view = this.views.get(cell.molecule);
        if (canvas && view) this.paint(canvas, cell, view);
      }
    });
  }

  /** @param {HTMLCanvasElement} canvas @param {Cell} cell @param {View} view */
  paint(canvas, { molecule, values, zero }, view) {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    const context = canvas.getContext("2d");
    if (!context || width === 0 || height === 0) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.envelopes.draw(context, molecule, values, { zero, limit: this.limit }, view);
    drawSkeleton(context, molecule, project(molecule.positions, view, width, height), ratio);
  }
}

/**
 * Bonds as thin lines over the surface, so that one sees how the molecule lies inside.
 *
 * @param {CanvasRenderingContext2D} context @param {GalleryMolecule} molecule @param {{x: number, y: number}[]} points of the atoms
 * @param {number} ratio of the canvas's pixels to those of the page
 */
function drawSkeleton(context, { symbols, bonds }, points, ratio) {
  context.lineWidth = BOND_WIDTH * ratio;
  context.strokeStyle = BOND_COLOR;
  context.beginPath();
  for (const [from, to] of bonds) {
    const [a, b] = [points[from], points[to]];
    if (!a || !b) continue;
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
  }
  context.stroke();
  const radius = Math.min(ATOM_RADIUS.most * ratio, ATOM_RADIUS.part * context.canvas.width);
  for (const [atom, { x, y }] of points.entries()) {
    context.fillStyle = elementColor(symbols[atom] ?? "");
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}
