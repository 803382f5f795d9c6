/**
 * The overlay: labels and marks drawn over the 3D picture on a canvas of its own. Text drawn here is sharp at
 * every zoom, keeps a readable size and never overlaps: where two labels collide, the nearer one stays.
 *
 * @typedef {{x: number, y: number, depth: number, scale: number}} Point
 *
 * @typedef {object} Marks
 * @property {Point[]} points of the atoms (lib/camera.js)
 * @property {number[]} radii (n_atoms) of their balls, Å
 * @property {string[]} labels (n_atoms); empty for none
 * @property {number | null} hover
 * @property {number[]} selected
 * @property {number[]} [apart] those without a partner in another molecule
 * @property {() => void} [under] draws what lies under the labels
 * @property {{ink: string, halo: string, accent: string}} colors
 */

const FONT = "500 12.5px ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const LINE_HEIGHT = 15;

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
  if (marks.hover !== null && !marks.selected.includes(marks.hover)) ring(context, marks, marks.hover, 1.5);
  marks.under?.();
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { atom, x, y } of placeLabels(marks, (label) => context.measureText(label).width)) {
    const label = marks.labels[atom] ?? "";
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

/**
 * Where labels stand: on their atoms; marked atoms first, then from near to far, each only where it is free.
 *
 * @param {Pick<Marks, "points" | "labels" | "hover" | "selected">} marks
 * @param {(label: string) => number} measure width in pixels
 * @returns {{atom: number, x: number, y: number}[]}
 */
export function placeLabels({ points, labels, hover, selected }, measure) {
  const marked = (/** @type {number} */ atom) => atom === hover || selected.includes(atom);
  const order = points
    .map((point, atom) => ({ point, atom }))
    .filter(({ atom }) => labels[atom])
    .sort((a, b) => Number(marked(b.atom)) - Number(marked(a.atom)) || a.point.depth - b.point.depth);
  /** @type {{left: number, right: number, y: number}[]} */
  const taken = [];
  const placed = [];
  for (const { point, atom } of order) {
    const half = measure(labels[atom] ?? "") / 2 + 2;
    const box = { left: point.x - half, right: point.x + half, y: point.y };
    if (taken.some((b) => b.left < box.right && box.left < b.right && Math.abs(b.y - box.y) < LINE_HEIGHT)) continue;
    taken.push(box);
    placed.push({ atom, x: point.x, y: point.y });
  }
  return placed;
}
