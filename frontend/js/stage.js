/**
 * The stage: all pictures of the page under one camera, and what a reader does to them.
 *
 * The camera belongs to the stage alone; it is read when a link is made and set when one is opened. As long as
 * nobody has turned or zoomed, the molecule is kept filling the picture when the pane or the quantity changes; a link's
 * camera is the same in pictures of the same size, and carried into others until its reader takes it.
 *
 * @typedef {import("./types.js").View} View
 * @typedef {import("./viewer.js").Picture} Picture
 * @typedef {import("./viewer.js").Scene} Scene
 * @typedef {import("./viewer.js").Palette} Palette
 *
 * @typedef {object} Listeners
 * @property {(atom: number | null) => void} onHover
 * @property {(atom: number | null, add: boolean, hit: Hit | null) => void} onSelect `hit`: the point of a surface, where no atom is
 * @property {(atom: number, by: import("./types.js").Vector) => void} onMove Å; while a hand moves it
 * @property {() => void} onDrop
 * @property {(by: import("./types.js").Vector) => boolean} onNudge Å, of what is selected; whether something is
 * @property {import("./actions/walking.js").Walker} [walker] of the keys that go from atom to atom
 *
 * @typedef {import("./types.js").Frame | {panes: number}} Made where a link's camera stood; of older links the width of all panes alone
 * @typedef {import("./lib/picking.js").Hit} Hit
 * @typedef {{slot: string, x: number, y: number, hit: Hit | null, atom: number | null}} Pointed a point of a surface, or an atom of the pane's molecule, under the pointer; pixels in the window
 */
import { ballRadius } from "./lib/atoms.js";
import { between, carried, drawnBack, fitted, pick, shifted, turned, unprojected, zoomed } from "./lib/camera.js";
import { extentOf } from "./lib/cell.js";
import { attachGestures, attachKeys } from "./lib/gestures.js";

const RADIANS_PER_PIXEL = 0.0085;
const PICK_SLACK = 5;
const FLIGHT_MS = 320;
const BUTTON_ZOOM = 1.25;
/** Å by which a key moves an atom. */
const NUDGE = 0.05;

/** After so long without a change a picture is at rest, ms. */
const REST_MS = 220;

export class Stage {
  /**
   * @param {(palette: Palette) => Picture} makePicture
   * @param {Palette} palette
   * @param {Listeners} listeners
   */
  constructor(makePicture, palette, listeners) {
    this.makePicture = makePicture;
    this.palette = palette;
    this.listeners = listeners;
    /** @type {Map<string, Picture>} */
    this.pictures = new Map();
    /** @type {Set<string>} */
    this.shown = new Set();
    /** @type {View | null} */
    this.camera = null;
    /** @type {import("./types.js").Captions | null} */
    this.captions = null;
    this.touched = false;
    /** @type {{camera: View, made: Made} | null} of an opened link, until its reader takes the camera */
    this.linked = null;
    this.margin = 1;
    /** whether a hand moves atoms, and not the picture */
    this.hand = false;
    /** @type {{atom: number, scale: number, dx: number, dy: number} | null} what it holds, pixels per Å there, and its way since */
    this.held = null;
    this.dragging = 0;
    /** @type {{hover: number[], selected: number[]}} */
    this.marked = { hover: [], selected: [] };
    /** @type {Set<() => void>} */
    this.wheelListeners = new Set();
    /** @type {Set<(pointed: Pointed | null) => void>} */
    this.pointedListeners = new Set();
    this.frame = 0;
    this.flight = 0;
    this.rest = 0;
    this.restless = false;
    /** @type {Set<() => void>} told when the pictures are at rest */
    this.restListeners = new Set();
    /** @type {Set<(leftOut: number) => void>} */
    this.labelListeners = new Set();
    this.counting = 0;
    this.resizes = new ResizeObserver(() => this.remeasure());
  }

  /** The pictures, or what stands over them, have another size. */
  remeasure() {
    for (const picture of this.visible) picture.measure();
    this.hurry();
    this.settle();
  }

  /**
   * @param {string} slot of the pane
   * @param {HTMLElement} element in which the picture is drawn
   * @throws {Error} if the browser gives no WebGL
   */
  attach(slot, element) {
    let picture = this.pictures.get(slot);
    if (!picture) {
      picture = this.makePicture(this.palette);
      attachGestures(picture.host, this.handlers(picture, slot));
      this.resizes.observe(picture.host);
      this.pictures.set(slot, picture);
    }
    picture.attach(element);
    picture.host.classList.toggle("hand", this.hand);
    attachKeys(element, this.handlers(picture, slot)); // the pane has the focus, not the picture inside
    picture.mark(this.marked.hover, this.marked.selected);
    this.shown.add(slot);
    this.hurry();
    this.settle();
  }

  /** @param {string} slot of a pane that leaves the page; its picture is kept for its return */
  detach(slot) {
    this.shown.delete(slot);
    this.pictures.get(slot)?.host.remove();
  }

  /** @param {() => void} listener told when a plain wheel scrolled the page over a picture @returns {() => void} */
  onRefusedWheel(listener) {
    this.wheelListeners.add(listener);
    return () => {
      this.wheelListeners.delete(listener);
    };
  }

  /**
   * What is pointed at changes with every move of a mouse and concerns one number on the page: it stays out of the store.
   *
   * @param {(pointed: Pointed | null) => void} listener @returns {() => void}
   */
  onPointed(listener) {
    this.pointedListeners.add(listener);
    return () => {
      this.pointedListeners.delete(listener);
    };
  }

  /** @param {(leftOut: number) => void} listener told, at rest, how many labels find no place in the pictures @returns {() => void} */
  onLabels(listener) {
    this.labelListeners.add(listener);
    this.countLabels();
    return () => {
      this.labelListeners.delete(listener);
    };
  }

  /** Counts once nothing has changed for a while: a turn must not wait for it. */
  countLabels() {
    clearTimeout(this.counting);
    this.counting = window.setTimeout(() => {
      const leftOut = this.visible.reduce((sum, picture) => sum + picture.leftOut(), 0);
      for (const listener of this.labelListeners) listener(leftOut);
    }, REST_MS);
  }

  /** @param {Picture} picture @param {string} slot @param {number} x pixels in the picture @param {number} y @returns {Hit | null} */
  pointAt(picture, slot, x, y) {
    const hit = picture.hitAt(x, y);
    const { left, top } = picture.host.getBoundingClientRect();
    this.tellPointed(hit && { slot, x: left + x, y: top + y, hit, atom: null });
    return hit;
  }

  /** @param {Pointed | null} pointed */
  tellPointed(pointed) {
    for (const listener of this.pointedListeners) listener(pointed);
  }

  /** @returns {Picture[]} those on the page */
  get visible() {
    return [...this.shown].map((slot) => this.pictures.get(slot)).filter((picture) => picture !== undefined);
  }

  /** @param {string} slot @param {Scene} scene */
  show(slot, scene) {
    this.pictures.get(slot)?.show(scene, () => this.hurry());
    this.countLabels();
  }

  /** @param {Palette} palette */
  setPalette(palette) {
    this.palette = palette;
    for (const picture of this.pictures.values()) picture.setPalette(palette);
  }

  /** @param {number[]} hover @param {number[]} selected */
  mark(hover, selected) {
    this.marked = { hover, selected };
    for (const picture of this.visible) picture.mark(hover, selected);
  }

  /** @param {boolean} hand whether a hand moves atoms, and not the picture */
  setHand(hand) {
    this.hand = hand;
    for (const picture of this.pictures.values()) picture.host.classList.toggle("hand", hand);
  }

  /** The hand lets go, wherever it is. */
  letGo() {
    this.held = null;
  }

  /** Takes what the hand holds to where the hand is. */
  follow() {
    cancelAnimationFrame(this.dragging);
    this.dragging = 0;
    if (!this.held || !this.camera || (this.held.dx === 0 && this.held.dy === 0)) return;
    const { atom, scale, dx, dy } = this.held;
    Object.assign(this.held, { dx: 0, dy: 0 });
    this.listeners.onMove(atom, unprojected(this.camera, dx, dy, scale));
  }

  /** @param {View} camera */
  setCamera(camera) {
    this.camera = camera;
    this.tellPointed(null);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.drawTurn());
  }

  draw() {
    if (!this.camera) return;
    for (const picture of this.visible) picture.setView(this.camera);
    this.countLabels();
  }

  /** One picture of a turn. */
  drawTurn() {
    this.hurry();
    this.draw();
  }

  /** Where a processor draws, what changes is drawn with fewer pixels, and sharply again at rest. */
  hurry() {
    const slow = this.visible.filter(({ software }) => software);
    if (slow.length === 0) return;
    for (const picture of slow) picture.sharpen(false);
    this.restless = true;
    clearTimeout(this.rest);
    requestAnimationFrame(() => {
      clearTimeout(this.rest);
      this.rest = window.setTimeout(() => this.settleDown(), REST_MS);
    });
  }

  /** Draws sharply what stands still. */
  settleDown() {
    this.restless = false;
    if (this.visible.filter((picture) => picture.sharpen(true)).length > 0) this.draw();
    for (const listener of this.restListeners) listener();
    this.restListeners.clear();
  }

  /** @returns {Promise<void>} once the pictures are at rest */
  rested() {
    return !this.restless ? Promise.resolve() : new Promise((resolve) => this.restListeners.add(resolve));
  }

  /** @param {View} camera that stays as it is @param {Made | null} [made] where it stood, if a link has stored it: as far as pictures are alike */
  restore(camera, made = null) {
    this.take(!made || !("touched" in made) || made.touched);
    this.linked = made && { camera, made };
    this.stopFlight();
    this.setCamera(camera);
    this.settle();
  }

  /** The camera is nobody's any more, or its reader's own. @param {boolean} touched */
  take(touched) {
    this.touched = touched;
    this.linked = null;
  }

  /** Looks at a new molecule. */
  lookAtNew() {
    this.take(false);
    this.camera = null;
    this.stopFlight();
    this.settle();
  }

  /** @param {number} margin Å that must be seen around every atom */
  setMargin(margin) {
    if (margin === this.margin) return;
    this.margin = margin;
    if (!this.camera || this.touched) return;
    this.linked = null; // it was fitted to less, or to more
    this.fly(this.fit(true));
  }

  /** Fills the pictures with the molecule, unless someone has turned or zoomed. */
  settle() {
    if (!this.camera || !this.touched || this.linked) {
      const camera = this.linked ? this.asLinked(this.linked) : this.fit(this.camera !== null);
      if (camera) this.camera = camera;
      this.tellPointed(null);
      cancelAnimationFrame(this.frame); // what it was to draw is drawn now
    }
    this.draw();
  }

  /** @returns {import("./types.js").Frame | null} null where there is no picture */
  get pictureFrame() {
    const [picture] = this.visible.filter(({ scene, size }) => scene && size.width > 0);
    return picture ? { width: picture.size.width, height: picture.size.height, lift: picture.lift, touched: this.touched } : null;
  }

  /** @returns {import("./types.js").Vector[]} Å, of all molecules: two side by side are seen whole under the one camera */
  get extent() {
    return [...new Set(this.visible.flatMap(({ scene }) => scene?.molecule ?? []))].flatMap(extentOf);
  }

  /** @param {boolean} keepTurn @returns {View | null} */
  fit(keepTurn) {
    const { pictureFrame: frame } = this;
    return frame && fitted(this.extent, frame, frame.lift, this.margin, keepTurn ? this.camera : null);
  }

  /**
   * The camera of a link in these pictures: the same in pictures of the same size. Older links do not say how much of
   * the molecule was to be seen; where they are of another width, it is seen whole.
   *
   * @param {{camera: View, made: Made}} linked @returns {View | null} null where there is no picture
   */
  asLinked({ camera, made }) {
    const { pictureFrame: frame } = this;
    if (!frame) return null;
    if ("panes" in made) return !this.captions || this.captions.width === made.panes ? camera : drawnBack(camera, this.extent, frame, this.margin);
    // pictures side by side differ by a pixel, and which of them is measured is left open
    const same = Math.abs(made.width - frame.width) <= 1 && Math.abs(made.height - frame.height) <= 1;
    if (!same && !made.touched) return this.fit(true);
    return same ? camera : carried(camera, this.extent, made, frame, this.margin);
  }

  reset() {
    this.take(false);
    this.fly(this.fit(false));
  }

  /** Brings all atoms into sight, turned as they are. */
  refit() {
    this.take(false);
    this.fly(this.fit(true));
  }

  zoomIn() {
    this.zoomBy(BUTTON_ZOOM);
  }

  zoomOut() {
    this.zoomBy(1 / BUTTON_ZOOM);
  }

  /** @param {number} factor */
  zoomBy(factor) {
    if (!this.camera) return;
    this.take(true);
    this.fly(zoomed(this.target ?? this.camera, factor));
  }

  /** @param {(camera: View) => View} change that follows a hand: at once */
  move(change) {
    if (!this.camera) return;
    this.take(true);
    this.stopFlight();
    this.setCamera(change(this.camera));
  }

  /** Moves the camera there within a moment; at once for readers who want no motion. @param {View | null} to */
  fly(to) {
    if (!to) return;
    const from = this.camera;
    this.stopFlight();
    if (!from || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.setCamera(to);
      return;
    }
    this.target = to;
    const start = performance.now();
    const step = (/** @type {number} */ now) => {
      const t = Math.min(1, (now - start) / FLIGHT_MS);
      this.camera = t < 1 ? between(from, to, t * t * (3 - 2 * t)) : to;
      this.drawTurn();
      if (t < 1) this.flight = requestAnimationFrame(step);
      else this.target = null;
    };
    this.flight = requestAnimationFrame(step);
  }

  stopFlight() {
    cancelAnimationFrame(this.flight);
    this.target = null;
  }

  /** @type {View | null} where a flight ends */
  target = null;

  /** @param {Picture} picture @param {string} slot @returns {import("./lib/gestures.js").Handlers} */
  handlers(picture, slot) {
    const atomAt = (/** @type {number} */ x, /** @type {number} */ y) => {
      const balls = picture.balls();
      const found = pick(balls, balls.map(({ atom }) => ballRadius(picture.scene?.molecule.symbols[atom] ?? "")), x, y, PICK_SLACK);
      return found === null ? null : (balls[found]?.atom ?? null);
    };
    return {
      turn: (dx, dy) => this.move((camera) => turned(camera, dx * RADIANS_PER_PIXEL, dy * RADIANS_PER_PIXEL)),
      shift: (dx, dy) => this.move((camera) => shifted(camera, dx, dy, picture.size.height)),
      zoom: (factor) => this.move((camera) => zoomed(camera, factor)),
      tap: (x, y, add) => {
        const own = atomAt(x, y);
        const atom = pageAtom(picture, own);
        if (own !== null && atom === null) return; // of another molecule, and nothing corresponds
        this.listeners.onSelect(atom, add, atom === null ? this.pointAt(picture, slot, x, y) : null);
      },
      hover: (x, y) => {
        const own = atomAt(x, y);
        const atom = pageAtom(picture, own);
        picture.host.classList.toggle("over-atom", own !== null);
        this.listeners.onHover(atom);
        picture.point(atom === null ? own : null);
        const { left, top } = picture.host.getBoundingClientRect();
        if (own === null) this.pointAt(picture, slot, x, y);
        else this.tellPointed({ slot, x: left + x, y: top + y, hit: null, atom: own });
      },
      leave: () => {
        this.listeners.onHover(null);
        picture.point(null);
        this.tellPointed(null);
      },
      grab: (x, y) => {
        const atom = this.hand ? atomAt(x, y) : null;
        const scale = atom === null ? undefined : picture.atomPoints()[atom]?.scale;
        this.held = atom !== null && scale !== undefined ? { atom, scale, dx: 0, dy: 0 } : null;
        return this.held !== null;
      },
      drag: (dx, dy) => {
        if (!this.held) return;
        this.held.dx += dx;
        this.held.dy += dy;
        // a mouse may move several times between two pictures
        this.dragging ||= requestAnimationFrame(() => this.follow());
      },
      drop: () => {
        this.follow();
        this.held = null;
        this.listeners.onDrop();
      },
      nudge: (dx, dy) => this.hand && this.camera !== null && this.listeners.onNudge(unprojected(this.camera, dx, dy, 1 / NUDGE)),
      reset: () => this.reset(),
      ...(this.listeners.walker ? { walker: this.listeners.walker } : {}),
      wheelRefused: () => {
        for (const listener of this.wheelListeners) listener();
      },
    };
  }
}

/** @param {Picture} picture @param {number | null} atom of its molecule @returns {number | null} of the page's molecule; null where none corresponds */
function pageAtom({ scene }, atom) {
  return atom !== null && scene?.shared ? (scene.shared[atom] ?? null) : atom;
}
