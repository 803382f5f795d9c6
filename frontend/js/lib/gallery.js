/**
 * The gallery's file (frontend/gallery.py): molecules with their envelopes, and values of every network and probe on them.
 *
 * @typedef {import("../types.js").Gallery} Gallery
 * @typedef {import("../types.js").GalleryMolecule} GalleryMolecule
 * @typedef {import("../types.js").Vector} Vector
 */

const STEPS = 65535;

/** @param {string} text base64 of little-endian uint16 @returns {Uint16Array} */
function wholeNumbers(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => view.getUint16(2 * i, true));
}

/** @param {any} raw @returns {Gallery} */
export function decodeGallery(raw) {
  return { elements: raw.elements, models: raw.models, molecules: raw.molecules.map(molecule) };
}

/** @param {any} raw @returns {GalleryMolecule} */
function molecule({ name, formula, symbols, positions, bonds, vertices, triangles, values }) {
  const places = Float32Array.from(wholeNumbers(vertices.steps), (step, i) =>
    vertices.minimum[i % 3] + (step * (vertices.maximum[i % 3] - vertices.minimum[i % 3])) / STEPS);
  return {
    name, formula, symbols, positions, bonds,
    vertices: places, normals: envelopeNormals(places, positions), triangles: wholeNumbers(triangles),
    values: Object.fromEntries(Object.entries(values).map(([model, byElement]) => [model,
      Object.fromEntries(Object.entries(byElement).map(([element, { minimum, maximum, median, steps }]) => [element,
        { minimum, maximum, median, values: Float32Array.from(wholeNumbers(steps), (step) => minimum + (step * (maximum - minimum)) / STEPS) },
      ])),
    ])),
  };
}

/**
 * Outward normals of Σ|r − rᵢ|⁻² = constant: against its gradient, −2 Σ (r − rᵢ)|r − rᵢ|⁻⁴.
 *
 * @param {Float32Array} vertices (3 n) Å
 * @param {Vector[]} atoms Å
 * @returns {Float32Array} (3 n) of length one
 */
export function envelopeNormals(vertices, atoms) {
  const normals = new Float32Array(vertices.length);
  for (let v = 0; v < vertices.length; v += 3) {
    const sum = [0, 0, 0];
    for (const atom of atoms) {
      const away = [0, 1, 2].map((k) => (vertices[v + k] ?? 0) - (atom[k] ?? 0));
      const weight = 1 / away.reduce((total, x) => total + x * x, 0) ** 2;
      for (let k = 0; k < 3; k++) sum[k] = (sum[k] ?? 0) + weight * (away[k] ?? 0);
    }
    const length = Math.hypot(...sum) || 1;
    for (let k = 0; k < 3; k++) normals[v + k] = (sum[k] ?? 0) / length;
  }
  return normals;
}

/**
 * @param {Gallery} gallery
 * @param {import("../types.js").Model[]} models those that the service has now
 * @returns {string[]} names of the gallery's models whose checkpoints have changed since, or that are gone
 */
export function outdated(gallery, models) {
  return gallery.models.filter(({ name, checkpoint }) => models.find((model) => model.name === name)?.checkpoint !== checkpoint).map(({ name }) => name);
}
