/**
 * Meshes: the binary form of the surfaces that the service computes (docs/http.md, Fields).
 *
 * int32 n_vertices, int32 n_triangles, float32 positions (3 n), float32 normals (3 n), float32 values (n),
 * uint32 indices (3 n_triangles); little-endian.
 *
 * @typedef {import("../types.js").Mesh} Mesh
 */

const HEADER_BYTES = 8;
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * @param {ArrayBuffer} buffer
 * @returns {Mesh}
 * @throws {RangeError} if the length is not the one that the header announces, or an index has no vertex
 */
export function decodeMesh(buffer) {
  if (!LITTLE_ENDIAN) throw new RangeError("meshes are little-endian and this machine is not");
  if (buffer.byteLength < HEADER_BYTES) throw new RangeError("a mesh without its header");
  const view = new DataView(buffer);
  const vertices = view.getInt32(0, true);
  const triangles = view.getInt32(4, true);
  const expected = HEADER_BYTES + 4 * (7 * vertices + 3 * triangles);
  if (vertices < 0 || triangles < 0 || buffer.byteLength !== expected) {
    throw new RangeError(`a mesh of ${buffer.byteLength} bytes where ${expected} were announced`);
  }
  let offset = HEADER_BYTES;
  const take = (/** @type {number} */ count) => {
    const part = new Float32Array(buffer, offset, count);
    offset += 4 * count;
    return part;
  };
  const mesh = { positions: take(3 * vertices), normals: take(3 * vertices), values: take(vertices) };
  const indices = new Uint32Array(buffer, offset, 3 * triangles);
  if (indices.some((index) => index >= vertices)) throw new RangeError("a triangle names a vertex that does not exist");
  return facing({ ...mesh, indices });
}

/**
 * The mesh with normals on the side from which its triangles run counter-clockwise. Which side a gradient's
 * normals point to depends on the sign of the level; lit from the wrong side a surface is flat and dark.
 *
 * @param {Mesh} mesh
 * @returns {Mesh}
 */
export function facing(mesh) {
  const { positions: p, normals, indices } = mesh;
  const at = (/** @type {Float32Array} */ array, /** @type {number} */ vertex, /** @type {number} */ k) => array[3 * vertex + k] ?? 0;
  let agreement = 0;
  for (let corner = 0; corner < indices.length; corner += 3) {
    const [a = 0, b = 0, c = 0] = indices.subarray(corner, corner + 3);
    const u = (/** @type {number} */ k) => at(p, b, k) - at(p, a, k);
    const v = (/** @type {number} */ k) => at(p, c, k) - at(p, a, k);
    for (let k = 0; k < 3; k++) {
      const [next, last] = [(k + 1) % 3, (k + 2) % 3];
      agreement += (u(next) * v(last) - u(last) * v(next)) * at(normals, a, k);
    }
  }
  return agreement < 0 ? { ...mesh, normals: normals.map((component) => -component) } : mesh;
}

/**
 * The mesh in pieces of at most `limit` vertices. WebGL's 16-bit indices end at 65,535, and 3Dmol, which
 * splits larger meshes itself, then loses which colour belongs to which vertex.
 *
 * @param {Mesh} mesh
 * @param {number} limit
 * @returns {Mesh[]}
 */
export function splitMesh(mesh, limit = 60000) {
  if (mesh.values.length <= limit) return [mesh];
  /** @type {Mesh[]} */
  const pieces = [];
  /** @type {Map<number, number>} */
  let renumbered = new Map();
  /** @type {number[]} */
  let indices = [];
  for (let corner = 0; corner < mesh.indices.length; corner += 3) {
    if (renumbered.size + 3 > limit) {
      pieces.push(piece(mesh, renumbered, indices));
      renumbered = new Map();
      indices = [];
    }
    for (let k = corner; k < corner + 3; k++) {
      const vertex = mesh.indices[k] ?? 0;
      const number = renumbered.get(vertex) ?? renumbered.size;
      renumbered.set(vertex, number);
      indices.push(number);
    }
  }
  if (indices.length > 0) pieces.push(piece(mesh, renumbered, indices));
  return pieces;
}

/** @param {Mesh} mesh @param {Map<number, number>} renumbered @param {number[]} indices @returns {Mesh} */
function piece(mesh, renumbered, indices) {
  const n = renumbered.size;
  const part = { positions: new Float32Array(3 * n), normals: new Float32Array(3 * n), values: new Float32Array(n) };
  for (const [vertex, number] of renumbered) {
    part.positions.set(mesh.positions.subarray(3 * vertex, 3 * vertex + 3), 3 * number);
    part.normals.set(mesh.normals.subarray(3 * vertex, 3 * vertex + 3), 3 * number);
    part.values[number] = mesh.values[vertex] ?? 0;
  }
  return { ...part, indices: Uint32Array.from(indices) };
}

/** @param {Mesh} mesh @returns {Uint8Array} the binary form, of which `decodeMesh` is the inverse */
export function encodeMesh({ positions, normals, values, indices }) {
  const buffer = new ArrayBuffer(HEADER_BYTES + 4 * (positions.length + normals.length + values.length + indices.length));
  const head = new DataView(buffer);
  head.setInt32(0, values.length, true);
  head.setInt32(4, indices.length / 3, true);
  let offset = HEADER_BYTES;
  for (const part of [positions, normals, values]) {
    new Float32Array(buffer, offset, part.length).set(part);
    offset += 4 * part.length;
  }
  new Uint32Array(buffer, offset, indices.length).set(indices);
  return new Uint8Array(buffer);
}
