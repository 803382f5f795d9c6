/**
 * The 3D pictures: one 3Dmol viewer for each pane, all with the same camera. The only module that uses 3Dmol.
 *
 * A viewer is made once and used for ever, since 3Dmol cannot let one go; a pane that leaves the page keeps
 * its own, and gets it back when it returns. 3Dmol's mouse handlers are not installed (`nomouse`): its wheel
 * handler would hold the page fast, so gestures are the page's own (lib/gestures.js). Meshes come from the
 * service and are drawn as custom shapes; 3Dmol's own isosurfaces are blocky and its own surfaces would need a
 * worker from a string, which the content security policy refuses.
 *
 * @typedef {import("./types.js").Mesh} Mesh
 * @typedef {import("./types.js").Molecule} Molecule
 * @typedef {import("./types.js").Surface} Surface
 * @typedef {import("./types.js").Vector} Vector
 * @typedef {import("./types.js").View} View
 *
 * @typedef {object} Scene what a pane shows; parts that are the same objects as before are not drawn anew
 * @property {Molecule} molecule
 * @property {string[]} atomColors (n_atoms) "#rrggbb"
 * @property {string | null} stickColor one for all bonds; null: the colours of their atoms
 * @property {string[]} labels (n_atoms)
 * @property {Line[] | null} lines between atoms, in place of the bonds; null: the bonds
 * @property {Surface[]} surfaces
 * @property {(value: number, surface: Surface) => [number, number, number]} surfaceColor sRGB 0..1 of a value in eV or e
 * @property {string} zeroAt where surfaceColor has its zero
 * @property {(level: number) => [number, number, number]} levelColor of an isosurface
 * @property {number} opacity of the surfaces
 * @property {number} limit of the colour scale
 * @property {Mesh | null} contours on a slice
 * @property {import("./lib/annotations.js").Note[]} notes
 * @property {import("./lib/annotations.js").Pin | null} pin
 * @property {import("./lib/handle.js").Grip | null} grip of a plane
 * @property {import("./lib/arrows.js").Arrow[]} arrows
 * @property {(number | null)[] | null} shared (n_atoms) atoms of the page's molecule to which those of this one correspond; null: it is that one
 * @property {number[]} apart atoms that are marked as having no partner
 *
 * @typedef {{from: number, to: number, bonded: boolean, color: string, radius: number}} Line atoms from 0; Å
 *
 * @typedef {{background: string, edge: string, ink: string, accent: string}} Palette
 */
import * as $3Dmol from "../vendor/3Dmol.js";
import { drawAnnotations, drawArrows } from "./lib/annotations.js";
import { ballRadius } from "./lib/atoms.js";
import { lowered, project, zoomed } from "./lib/camera.js";
import { edgesOf, extentOf, imagesOf } from "./lib/cell.js";
import { Frames } from "./lib/frames.js";
import { Handle } from "./lib/handle.js";
import { splitMesh } from "./lib/mesh.js";
import { matte } from "./lib/matte.js";
import { drawOverlay, measuring, placeLabels } from "./lib/overlay.js";
import { makePicker } from "./lib/picking.js";

const STICK_RADIUS = 0.1;
/** Å */
const EDGE_WIDTH = 0.018;
/** Of the edges of a cell, Å. */
const CELL_RADIUS = 0.025;
/** Half of the depth that is drawn at least, Å; larger molecules get theirs. */
const SLAB = 60;
/** Contours lie on the colours of the scale, which are the same in the light and in the dark. */
const CONTOUR = "#20262d";
/** Seen on the light stage and on the dark one. */
const CELL_EDGE = "#878d94";

/** One pane's picture: a 3Dmol viewer and the overlay above it. */
export class Picture {
  /** @param {Palette} palette */
  constructor(palette) {
    this.host = document.createElement("div");
    this.host.className = "picture";
    this.overlay = document.createElement("canvas");
    this.overlay.className = "overlay";
    this.palette = palette;
    /** @type {Palette | null} the one that it is drawn in */
    this.dressed = null;
    /** pixels by which the molecule stands lower than the middle, to leave the caption free */
    this.lift = 0;
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {View | null} */
    this.view = null;
    /** @type {{hover: number[], selected: number[]}} */
    this.marked = { hover: [], selected: [] };
    /** whether a processor draws it */
    this.software = false;
    /** whether edges are smooth: drawn with twice the pixels in each direction */
    this.sharp = true;
    /** @type {any} 3Dmol's shapes carry no public type of their colours */
    this.viewer = null;
    /** @type {Frames | null} of the viewer */
    this.frames = null;
    /** the view that was last handed to the viewer, to see whether another is */
    this.looked = "";
    /** @type {any[]} */
    this.shapes = [];
    /** @type {any[]} */
    this.lines = [];
    /** @type {any[]} */
    this.contours = [];
    /** @type {number | null} an atom that is pointed at, of another molecule than the page's */
    this.own = null;
    /** @type {any[]} edges of a cell */
    this.edges = [];
    /** @type {{atom: number, position: Vector}[]} of a crystal's atoms, drawn on the faces of its cell */
    this.images = [];
    /** @type {Handle | null} */
    this.handle = null;
    /** @type {{of: unknown[], pick: ReturnType<typeof makePicker>} | null} and what it was made of */
    this.picker = null;
  }

  /**
   * Starts drawing inside an element; the first time, the viewer is made.
   *
   * @param {HTMLElement} element
   * @throws {Error} if the browser gives no WebGL
   */
  attach(element) {
    element.append(this.host);
    this.measure();
    if (this.viewer) {
      if (this.software) this.sharpen(false);
      this.viewer.resize();
      this.setPalette(this.palette);
      return;
    }
    this.software = drawnBySoftware();
    this.viewer = $3Dmol.createViewer(this.host, {
      // on a processor, smoothing on top of the doubled pixels takes longer than the molecule itself
      nomouse: true, antialias: !this.software, upscale: true, disableFog: true, backgroundColor: this.palette.background,
    });
    if (!this.viewer) throw new Error("no WebGL context");
    this.frames = new Frames(this.viewer);
    this.viewer.setSlab(-SLAB, SLAB);
    this.outline();
    this.dressed = this.palette;
    const canvas = this.host.querySelector("canvas");
    canvas?.setAttribute("aria-hidden", "true");
    this.overlay.setAttribute("aria-hidden", "true");
    this.host.append(this.overlay);
    this.handle = new Handle(this.host);
  }

  /** @returns {{width: number, height: number}} CSS pixels */
  get size() {
    return { width: this.host.clientWidth, height: this.host.clientHeight };
  }

  /** Reads from the page how far a caption stands over the picture. */
  measure() {
    this.lift = Number(getComputedStyle(this.host).getPropertyValue("--lift")) || 0;
  }

  /** A thin edge, so that a pale atom stands out from a pale background. */
  outline() {
    this.viewer?.setViewStyle({ style: "outline", width: EDGE_WIDTH, color: this.palette.edge });
  }

  /** @param {Palette} palette */
  setPalette(palette) {
    this.palette = palette;
    if (!this.host.isConnected || this.dressed === palette) return; // nothing can be drawn without a size; it is dressed when it returns
    this.dressed = palette;
    this.frames?.change();
    this.outline();
    this.viewer?.setBackgroundColor(palette.background, 1);
    this.drawOverlay();
  }

  /** @param {Scene} scene @param {() => void} before told before anything is drawn */
  show(scene, before) {
    const old = this.scene;
    this.scene = scene;
    if (!this.viewer) return;
    const newMolecule = old?.molecule !== scene.molecule;
    const recolored = old?.atomColors.join() !== scene.atomColors.join() || old?.stickColor !== scene.stickColor
      || (old?.lines === null) !== (scene.lines === null);
    const relined = newMolecule || JSON.stringify(old?.lines ?? null) !== JSON.stringify(scene.lines);
    const resurfaced = old?.surfaces !== scene.surfaces || old?.opacity !== scene.opacity || old?.limit !== scene.limit
      || old?.zeroAt !== scene.zeroAt;
    const recontoured = old?.contours !== scene.contours;
    if (newMolecule || recolored || relined || resurfaced || recontoured) {
      before();
      this.frames?.change();
      if (newMolecule) this.drawMolecule(scene.molecule);
      if (relined) this.drawLines(scene);
      if (newMolecule || recolored) this.colorAtoms(scene);
      if (resurfaced) this.drawSurfaces(scene);
      if (recontoured) this.drawContours(scene);
      this.viewer.render();
    }
    this.drawOverlay();
  }

  /** @param {Molecule} molecule */
  drawMolecule(molecule) {
    const { symbols, positions, bonds } = molecule;
    this.viewer.removeAllModels();
    this.images = imagesOf(molecule);
    const atoms = symbols.map((elem, index) => {
      const [x, y, z] = /** @type {Vector} */ (positions[index]);
      return { elem, x, y, z, serial: index, index, bonds: /** @type {number[]} */ ([]), bondOrder: /** @type {number[]} */ ([]) };
    });
    for (const [first, second, order] of bonds) {
      // 3Dmol draws dashes for its own aromatic order, 4
      const drawn = order === 1.5 ? 4 : order;
      for (const [from, to] of [[first, second], [second, first]]) {
        atoms[from ?? 0]?.bonds.push(to ?? 0);
        atoms[from ?? 0]?.bondOrder.push(drawn);
      }
    }
    for (const { atom, position: [x, y, z] } of this.images) {
      // the serial is that of the atom, by which it is coloured
      atoms.push({ elem: symbols[atom] ?? "", x, y, z, serial: atom, index: atoms.length, bonds: [], bondOrder: [] });
    }
    this.viewer.addModel().addAtoms(atoms);
    this.drawCell(molecule);
    const reach = Math.max(SLAB, ...extentOf(molecule).map((p) => 2 * Math.hypot(...p)));
    this.viewer.setSlab(-reach, reach);
  }

  /** @param {Molecule} molecule */
  drawCell({ cell }) {
    for (const edge of this.edges) this.viewer.removeShape(edge);
    const at = (/** @type {Vector} */ [x, y, z]) => ({ x, y, z });
    this.edges = (cell ? edgesOf(cell) : []).map(([start, end]) => this.viewer.addCylinder({
      start: at(start), end: at(end), radius: CELL_RADIUS, color: CELL_EDGE, fromCap: 2, toCap: 2,
    }));
  }

  /** @param {Scene} scene */
  colorAtoms({ molecule, atomColors, stickColor, lines }) {
    const color = (/** @type {{serial: number}} */ atom) => atomColors[atom.serial];
    for (const symbol of new Set(molecule.symbols)) {
      this.viewer.setStyle({ elem: symbol }, {
        ...(lines ? {} : { stick: { radius: STICK_RADIUS, doubleBondScaling: 0.5, tripleBondScaling: 0.4, ...(stickColor ? { color: stickColor } : { colorfunc: color }) } }),
        sphere: { radius: ballRadius(symbol), colorfunc: color },
      });
    }
  }

  /** @param {Scene} scene */
  drawLines({ molecule, lines }) {
    for (const line of this.lines) this.viewer.removeShape(line);
    const at = (/** @type {number} */ atom) => {
      const [x, y, z] = /** @type {Vector} */ (molecule.positions[atom]);
      return { x, y, z };
    };
    this.lines = (lines ?? []).map(({ from, to, bonded, color, radius }) => this.viewer.addCylinder({
      start: at(from), end: at(to), radius, color, dashed: !bonded, dashLength: 0.16, gapLength: 0.12, fromCap: 1, toCap: 1,
    }));
  }

  /** @param {Scene} scene */
  drawSurfaces({ surfaces, surfaceColor, levelColor, opacity }) {
    for (const shape of this.shapes) this.viewer.removeShape(shape);
    const drawn = surfaces.filter(({ mesh }) => mesh.indices.length > 0);
    this.shapes = drawn.flatMap((surface) => splitMesh(surface.mesh).map((mesh) => this.viewer.addCustom({
      vertexArr: points(mesh.positions),
      normalArr: points(mesh.normals),
      faceArr: Array.from(mesh.indices),
      color: surface.level === null ? Array.from(mesh.values, (value) => color(surfaceColor(value, surface))) : color(levelColor(surface.level)),
      // 3Dmol's shader applies the opacity twice
      opacity: Math.sqrt(Math.min(opacity, 0.9999)),
    })));
  }

  /** @param {Scene} scene */
  drawContours({ contours }) {
    for (const shape of this.contours) this.viewer.removeShape(shape);
    this.contours = (contours && contours.indices.length > 0 ? splitMesh(contours) : []).map((mesh) => this.viewer.addCustom({
      vertexArr: points(mesh.positions), normalArr: points(mesh.normals), faceArr: Array.from(mesh.indices), color: CONTOUR,
    }));
  }

  /**
   * The point of the drawn surfaces under a pointer. What that needs is made anew when the camera rests elsewhere.
   *
   * @param {number} x CSS pixels
   * @param {number} y
   * @returns {import("./lib/picking.js").Hit | null}
   */
  hitAt(x, y) {
    const { width, height } = this.size;
    if (!this.scene || !this.view || this.scene.surfaces.length === 0) return null;
    const of = [this.scene.surfaces, this.view, width, height, this.lift];
    if (!this.picker?.of.every((part, i) => part === of[i])) {
      this.picker = { of, pick: makePicker(this.scene.surfaces.map(({ mesh }) => mesh), this.view, { width, height }, this.lift) };
    }
    return this.picker.pick(x, y);
  }

  /** @param {View} view */
  setView(view) {
    this.view = view;
    if (!this.viewer || this.size.width === 0) return;
    // the ninth and tenth numbers move the whole scene after its turn
    this.look(view, this.size.height);
    this.drawOverlay();
  }

  /** @param {View} view @param {number} height of the picture; nothing happens if it is seen so already */
  look(view, height) {
    const lookedAt = [...view, 0, lowered(view, this.lift, height)];
    if (lookedAt.join() === this.looked) return;
    this.looked = lookedAt.join();
    this.frames?.change();
    this.viewer.setView(lookedAt);
  }

  /** @param {boolean} sharp of what is drawn from now on; fewer pixels are drawn sooner @returns {boolean} whether that was a change */
  sharpen(sharp) {
    if (this.sharp === sharp || !this.viewer || this.size.width === 0) return false;
    this.sharp = sharp;
    this.viewer.renderer._upscale = sharp; // its setting can be given at the beginning alone
    this.viewer.renderer.setSize(this.size.width, this.size.height);
    return true;
  }

  /** @param {number[]} hover @param {number[]} selected */
  mark(hover, selected) {
    this.marked = { hover, selected };
    this.drawOverlay();
  }

  /** @param {number | null} atom of this picture's molecule, that the page's has none for */
  point(atom) {
    if (atom === this.own) return;
    this.own = atom;
    this.drawOverlay();
  }

  /** @returns {{hover: number[], selected: number[]}} what is marked, by the atoms of this picture's molecule */
  get ownMarks() {
    const shared = this.scene?.shared;
    const { hover, selected } = this.marked;
    if (!shared) return { hover, selected };
    const own = (/** @type {number} */ atom) => shared.flatMap((other, i) => (other === atom ? [i] : []));
    return { hover: hover.length === 0 && this.own !== null ? [this.own] : hover.flatMap(own), selected: selected.flatMap(own) };
  }

  /** @returns {{x: number, y: number, depth: number, scale: number}[]} where the atoms stand on the picture, or on one of another frame */
  atomPoints({ width, height } = this.size, view = this.view) {
    return this.scene && view ? project(this.scene.molecule.positions, view, width, height, this.lift) : [];
  }

  /** @returns {{atom: number, x: number, y: number, depth: number, scale: number}[]} the same of all drawn balls: atoms, and images of a crystal's */
  balls() {
    const { width, height } = this.size;
    if (!this.scene || !this.view) return [];
    const images = project(this.images.map(({ position }) => position), this.view, width, height, this.lift);
    return [...this.atomPoints().map((point, atom) => ({ ...point, atom })), ...images.map((point, i) => ({ ...point, atom: this.images[i]?.atom ?? 0 }))];
  }

  /** @returns {number} how many labels find no place; what a pointer marks aside */
  leftOut() {
    const context = this.overlay.getContext("2d");
    if (!context || !this.scene || !this.view || this.size.width === 0) return 0;
    const placed = placeLabels({ ...this.labelled(), ...this.ownMarks, hover: [] }, measuring(context));
    return this.scene.labels.filter(Boolean).length - placed.length;
  }

  /** @returns {Pick<import("./lib/overlay.js").Marks, "points" | "radii" | "images" | "labels">} the atoms and their labels, on the picture or on one of another frame */
  labelled(size = this.size, view = this.view) {
    const { symbols = [] } = this.scene?.molecule ?? {};
    const images = view ? project(this.images.map(({ position }) => position), view, size.width, size.height, this.lift) : [];
    return {
      points: this.atomPoints(size, view), radii: symbols.map(ballRadius), labels: this.scene?.labels ?? [],
      images: images.map((point, i) => ({ point, radius: ballRadius(symbols[this.images[i]?.atom ?? 0] ?? "") })),
    };
  }

  drawOverlay() {
    const { width, height } = this.size;
    const context = this.overlay.getContext("2d");
    if (!context || !this.scene || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    if (this.overlay.width !== Math.round(width * ratio) || this.overlay.height !== Math.round(height * ratio)) {
      this.overlay.width = Math.round(width * ratio);
      this.overlay.height = Math.round(height * ratio);
    }
    this.paintOverlay(context, ratio);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} ratio its pixels in a CSS pixel */
  paintOverlay(context, ratio, size = this.size, view = this.view) {
    if (!this.scene) return;
    const { width, height } = size;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colors = { ink: this.palette.ink, halo: this.palette.background, accent: this.palette.accent };
    const { lift } = this;
    const place = (/** @type {Vector} */ point) => /** @type {{x: number, y: number, scale: number}} */ (view && project([point], view, width, height, lift)[0]);
    const { arrows } = this.scene;
    drawOverlay(context, width, height, {
      under: () => view && drawArrows(context, place, arrows, colors.halo),
      ...this.labelled(size, view),
      apart: this.scene.apart, ...this.ownMarks, colors,
    });
    if (!view) return;
    drawAnnotations(context, place, this.scene, colors);
    if (context.canvas === this.overlay) this.handle?.place(this.scene.grip, place, size);
  }

  /**
   * The picture and its overlay, drawn anew in another frame; in a narrower one the camera steps back, so that all that
   * is seen stays seen.
   *
   * @param {{width: number, height: number}} frame CSS pixels
   * @param {number} ratio pixels in a CSS pixel
   * @param {boolean} transparent
   * @returns {{picture: HTMLCanvasElement, overlay: HTMLCanvasElement}}
   */
  snapshot(frame, ratio, transparent) {
    const { width, height } = frame;
    const [picture, overlay] = [blank(width * ratio, height * ratio), blank(width * ratio, height * ratio)];
    const factor = ratio / (window.devicePixelRatio || 1);
    this.sharpen(true);
    const narrower = (width / height) / (this.size.width / this.size.height);
    const view = this.view && (narrower < 1 ? zoomed(this.view, narrower) : this.view);
    try {
      if (view) this.look(view, height);
      this.viewer.setWidth(width * factor);
      this.viewer.setHeight(height * factor);
      if (transparent) this.paintMatte(picture);
      else this.paint(picture);
    } finally {
      this.viewer.setBackgroundColor(this.palette.background, 1);
      this.viewer.resize();
      if (this.view) this.look(this.view, this.size.height);
      this.drawNow();
    }
    const context = overlay.getContext("2d");
    if (context) this.paintOverlay(context, ratio, frame, view);
    return { picture, overlay };
  }

  /** Draws at once into a picture. @param {HTMLCanvasElement} picture @returns {CanvasRenderingContext2D | null} */
  paint(picture) {
    this.drawNow();
    const context = picture.getContext("2d");
    context?.drawImage(this.viewer.getCanvas(), 0, 0, picture.width, picture.height);
    return context;
  }

  /** The same without the background. @param {HTMLCanvasElement} picture */
  paintMatte(picture) {
    const { width, height } = picture;
    const [onBlack, onWhite] = [0x000000, 0xffffff].map((background) => {
      this.viewer.renderer.setClearColorHex(background, 1);
      const context = this.paint(blank(width, height));
      return context?.getImageData(0, 0, width, height);
    });
    if (!onBlack || !onWhite) return;
    matte(onBlack.data, onWhite.data);
    picture.getContext("2d")?.putImageData(onBlack, 0, 0);
  }

  /** Draws where nobody sees it, and does not wait for it. @param {Scene} scene */
  compile(scene) {
    const { renderer } = this.viewer;
    const shown = renderer._bitmap;
    renderer._bitmap = null; // to which the pixels would be copied, once they are there
    this.sharpen(!this.software);
    this.show(scene, () => {});
    this.drawNow();
    renderer._gl.flush();
    renderer._bitmap = shown;
  }

  /** Draws at once, for pixels that are read next. */
  drawNow() {
    this.frames?.change();
    this.viewer.render();
    this.frames?.flush();
  }

  /** @returns {string} the picture without the overlay, as a data address */
  pngURI() {
    this.frames?.flush();
    return this.viewer ? this.viewer.pngURI() : "";
  }
}

/** Two atoms, a bond and a transparent surface: all that is in nearly every picture. @type {() => Scene} */
const specimen = () => ({
  molecule: { id: "", name: "", formula: "", smiles: "", symbols: ["C", "O"], numbers: [6, 8], positions: [[0, 0, 0], [1.2, 0, 0]], bonds: [[0, 1, 2]], charge: 0, geometry: null, warnings: [], cell: null },
  atomColors: ["#808080", "#808080"], stickColor: null, labels: ["", ""], lines: null,
  surfaces: [{ key: "", level: 0, median: 0, mesh: { positions: new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]), normals: new Float32Array([0, 0, 1, 0, 0, 1, 0, 0, 1]), values: new Float32Array(3), indices: new Uint32Array([0, 1, 2]) } }],
  surfaceColor: () => [0, 0, 0], zeroAt: "", levelColor: () => [0, 0, 0], opacity: 0.5, limit: 1,
  contours: null, notes: [], pin: null, grip: null, arrows: [], shared: null, apart: [],
});

/**
 * A picture whose shaders are compiled. Graphics drivers, and processors that draw in their place, compile at the first
 * drawing, which takes a quarter of a second there; they can do it while the page waits for its numbers.
 *
 * @param {Palette} palette
 * @returns {Picture | null} for the first pane; null without WebGL, which the pane will say
 */
export function warmPicture(palette) {
  const picture = new Picture(palette);
  const room = Object.assign(document.createElement("div"), { className: "warming" });
  document.body.append(room);
  try {
    picture.attach(room);
    picture.compile(specimen());
    return picture;
  } catch {
    return null;
  } finally {
    room.remove();
  }
}

/** @type {boolean | null} */
let software = null;

/** @returns {boolean} whether a processor draws, and no graphics hardware; must be known before the first viewer, which shares its context with all */
function drawnBySoftware() {
  if (software !== null) return software;
  const gl = document.createElement("canvas").getContext("webgl2");
  const known = gl?.getExtension("WEBGL_debug_renderer_info");
  software = Boolean(gl && known && /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(gl.getParameter(known.UNMASKED_RENDERER_WEBGL))));
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return software;
}

/** @param {number} width @param {number} height @returns {HTMLCanvasElement} */
function blank(width, height) {
  return Object.assign(document.createElement("canvas"), { width: Math.round(width), height: Math.round(height) });
}

/** @param {Float32Array} flat (3 n) @returns {{x: number, y: number, z: number}[]} */
function points(flat) {
  return Array.from({ length: flat.length / 3 }, (_, i) => ({ x: flat[3 * i] ?? 0, y: flat[3 * i + 1] ?? 0, z: flat[3 * i + 2] ?? 0 }));
}

/** @param {[number, number, number]} rgb @returns {{r: number, g: number, b: number}} as 3Dmol's colours are */
function color([r, g, b]) {
  return new $3Dmol.Color(r, g, b);
}
