/**
 * The handle of a plane in the picture: pulled along, it moves the plane along its normal. It is made for pointers;
 * the slider beside the picture does the same for keys and screen readers.
 *
 * @typedef {import("../types.js").Vector} Vector
 *
 * @typedef {object} Grip
 * @property {Vector[]} places Å: where it may stand; the lowest on the picture is taken
 * @property {Vector} normal of length one
 * @property {(distance: number) => void} move told by how many Å the plane is to move
 *
 * @typedef {{x: number, y: number, scale: number}} Point pixels; pixels per Å there
 */

/** Pixels that it keeps from the edge of the picture. */
const INSET = 20;
/** A plane seen nearly face-on moves along the line of sight, where no pull leads: below this part of an Å's length upwards means nearer. */
const FACE_ON = 0.2;

export class Handle {
  /** @param {HTMLElement} host the picture */
  constructor(host) {
    this.element = document.createElement("div");
    this.element.className = "plane-handle";
    this.element.setAttribute("aria-hidden", "true");
    this.element.hidden = true;
    /** @type {Grip | null} */
    this.grip = null;
    /** where a pull by one pixel to the right and one down leads, Å */
    this.pull = { right: 0, down: 0 };
    this.listen();
    host.append(this.element);
  }

  /** @param {Grip | null} grip @param {(point: Vector) => Point} project @param {{width: number, height: number}} size of the picture */
  place(grip, project, { width, height }) {
    this.grip = grip;
    const [first, ...others] = grip?.places ?? [];
    this.element.hidden = !grip || !first;
    if (!grip || !first) return;
    const at = others.map(project).reduce((lowest, point) => (point.y > lowest.y ? point : lowest), project(first));
    const middle = /** @type {Vector} */ ([0, 1, 2].map((k) => grip.places.reduce((sum, p) => sum + (p[k] ?? 0), 0) / grip.places.length));
    const here = project(middle);
    const ahead = project(/** @type {Vector} */ (middle.map((x, k) => x + (grip.normal[k] ?? 0))));
    const [dx, dy] = [ahead.x - here.x, ahead.y - here.y];
    const square = dx * dx + dy * dy;
    const faceOn = square < (FACE_ON * here.scale) ** 2;
    this.pull = faceOn ? { right: 0, down: -1 / here.scale } : { right: dx / square, down: dy / square };
    const x = Math.min(width - INSET, Math.max(INSET, at.x));
    const y = Math.min(height - INSET, Math.max(INSET, at.y));
    const turn = faceOn ? 0 : Math.atan2(dy, dx) + Math.PI / 2;
    this.element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) rotate(${turn.toFixed(3)}rad)`;
  }

  listen() {
    const { element } = this;
    /** @type {{x: number, y: number} | null} */
    let held = null;
    // the picture below would turn
    element.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      held = { x: event.clientX, y: event.clientY };
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      event.stopPropagation();
      if (!held) return;
      const distance = (event.clientX - held.x) * this.pull.right + (event.clientY - held.y) * this.pull.down;
      held = { x: event.clientX, y: event.clientY };
      this.grip?.move(distance);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      element.addEventListener(end, (event) => {
        event.stopPropagation();
        held = null;
      });
    }
  }
}
