/**
 * The overlay: labels and marks drawn over the 3D picture on a canvas of its own. Text drawn here is sharp at
 * every zoom, keeps a readable size and never overlaps: where two labels collide, the nearer one stays. No label stands
 * on a ball that hides its own atom.
 *
 * @typedef {{x: number, y: number, depth: number, scale: number}} Point
 *
 * @typedef {object} Marks
 * @property {Point[]} points of the atoms (lib/camera.js)
 * @property {number[]} radii (n_atoms) of their balls, Å
 * @property {{point: Point, radius: number}[]} [images] other balls, which hide atoms behind them
 * @property {string[]} labels (n_atoms); empty for none
 * @property {number[]} hover pointed at
 * @property {number[]} selected
 * @property {number[]} [apart] those without a partner in another molecule
 * @property {() => void} [under] draws what lies under the labels
 * @property {{ink: string, halo: string, accent: string}} colors
 */

/** Of type, CSS pixels: a label that finds no room is tried in the smaller one. */
const SIZES = /** @type {const} */ ([12.5, 10.5]);
const LINE_HEIGHT = 1.2;

/** @param {number} size @returns {string} */
const font = (size) => `500 ${size}px ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif`;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width CSS pixels
 * @param {number} height
 * @param {Marks} marks
 */
export function drawOverlay(context, width, height, marks) {
  context.clearRect(0, 0, width, height);
  // Chromium does not show a canvas that was only cleared before something else is drawn on it
  context.fillStyle = marks.colors.halo;
  context.globalAlpha = 0.01;
  context.fillRect(0, 0, 1, 1);
  context.globalAlpha = 1;
  context.setLineDash([4, 3]);
  for (const atom of marks.apart ?? []) ring(context, { ...marks, colors: { ...marks.colors, accent: marks.colors.ink } }, atom, 1.2);
  context.setLineDash([]);
  for (const atom of marks.selected) ring(context, marks, atom, 2.5);
  for (const atom of marks.hover) if (!marks.selected.includes(atom)) ring(context, marks, atom, 1.5);
  marks.under?.();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  /** @type {number} */
  let current = SIZES[0];
  // by size, since it takes long to change the font
  for (const { atom, x, y, size } of placeLabels(marks, measuring(context)).sort((a, b) => b.size - a.size)) {
    const label = marks.labels[atom] ?? "";
    if (size !== current) context.font = font((current = size));
    context.lineWidth = 3.5;
    context.strokeStyle = marks.colors.halo;
    context.strokeText(label, x, y);
    context.fillStyle = marks.colors.ink;
    context.fillText(label, x, y);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Marks} marks @param {number} atom @param {number} width */
function ring(context, { points, radii, colors }, atom, width) {
  const point = points[atom];
  if (!point) return;
  context.beginPath();
  context.arc(point.x, point.y, (radii[atom] ?? 0) * point.scale + 3.5, 0, 2 * Math.PI);
  context.lineWidth = width + 2.5;
  context.strokeStyle = colors.halo;
  context.stroke();
  context.lineWidth = width;
  context.strokeStyle = colors.accent;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @returns {(label: string) => number} the width of a label in the larger type, pixels */
export function measuring(context) {
  context.font = font(SIZES[0]);
  return (label) => context.measureText(label).width;
}

/**
 * Where labels stand: on their atoms; marked atoms first, then from near to far, each only where it is free and where its
 * atom is seen.
 *
 * @param {Pick<Marks, "points" | "radii" | "images" | "labels" | "hover" | "selected">} marks
 * @param {(label: string) => number} measure the width of a label in the larger type, pixels
 * @returns {{atom: number, x: number, y: number, size: number}[]} `size` of the type, pixels
 */
export function placeLabels(marks, measure) {
  const { points, labels, hover, selected } = marks;
  const marked = (/** @type {number} */ atom) => hover.includes(atom) || selected.includes(atom);
  const hidden = hiding(marks);
  const order = points
    .map((point, atom) => ({ point, atom }))
    .filter(({ atom }) => labels[atom])
    .sort((a, b) => Number(marked(b.atom)) - Number(marked(a.atom)) || a.point.depth - b.point.depth);
  /** @type {{left: number, right: number, top: number, bottom: number}[]} */
  const taken = [];
  const placed = [];
  for (const { point, atom } of order) {
    const width = measure(labels[atom] ?? "");
    for (const size of SIZES) {
      const [half, height] = [(width * size) / SIZES[0] / 2 + 2, (LINE_HEIGHT * size) / 2];
      const box = { left: point.x - half, right: point.x + half, top: point.y - height, bottom: point.y + height };
      if (taken.some((b) => b.left < box.right && box.left < b.right && b.top < box.bottom && box.top < b.bottom)) continue;
      if (hidden(point)) break; // asked last, since all balls are looked at
      taken.push(box);
      placed.push({ atom, x: point.x, y: point.y, size });
      break;
    }
  }
  return placed;
}

/**
 * @param {Pick<Marks, "points" | "radii" | "images">} marks
 * @returns {(point: Point) => boolean} whether a nearer ball covers the middle of an atom
 */
function hiding({ points, radii, images = [] }) {
  const balls = [...points.map((point, atom) => ({ point, reach: (radii[atom] ?? 0) * point.scale })), ...images.map(({ point, radius }) => ({ point, reach: radius * point.scale }))];
  return ({ x, y, depth }) => balls.some(({ point, reach }) => point.depth < depth && (point.x - x) ** 2 + (point.y - y) ** 2 < reach * reach);
}
