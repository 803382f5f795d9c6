/**
 * Many small pictures of coloured surfaces from one WebGL context: browsers give a page 16 at most, and a phone fewer. Each
 * is drawn on one hidden canvas and copied. The camera is that of lib/camera.js.
 *
 * @typedef {import("./types.js").View} View
 *
 * @typedef {object} Body a closed surface; the same object is sent to the graphics card once
 * @property {Float32Array} vertices (3 n) Å
 * @property {Float32Array} normals (3 n), outward
 * @property {Uint16Array} triangles (3 n_triangles)
 */
import { CAMERA_Z, SLOPE } from "./lib/camera.js";
import { diverging } from "./lib/color.js";

/** What the error says where the browser gives no WebGL. */
export const NO_WEBGL = "no WebGL context";
/** Colours in the texture of the scale. */
const SHADES = 256;
/** Depths that are drawn, Å from the camera. */
const DEPTH = Object.freeze({ near: 4, far: 1000 });

const VERTEX = `
attribute vec3 position, normal;
attribute float value;
uniform vec4 turn;
uniform vec3 shift;
uniform float depth, aspect, zero, limit;
varying vec3 facing;
varying float place;
vec3 turned(vec3 v) { return v + 2.0 * cross(turn.xyz, cross(turn.xyz, v) + turn.w * v); }
void main() {
  vec3 p = turned(position + shift);
  float away = depth - p.z;
  facing = turned(normal);
  place = 0.5 + 0.5 * (value - zero) / limit;
  gl_Position = vec4(p.x / (${SLOPE.toFixed(8)} * aspect), p.y / ${SLOPE.toFixed(8)},
    (away * ${(DEPTH.far + DEPTH.near).toFixed(1)} - ${(2 * DEPTH.far * DEPTH.near).toFixed(1)}) / ${(DEPTH.far - DEPTH.near).toFixed(1)}, away);
}`;

const FRAGMENT = `
precision mediump float;
uniform sampler2D scale;
varying vec3 facing;
varying float place;
void main() {
  vec3 color = texture2D(scale, vec2(clamp(place, 0.0, 1.0), 0.5)).rgb;
  gl_FragColor = vec4(color * (0.6 + 0.4 * max(0.0, normalize(facing).z)), 1.0);
}`;

export class Envelopes {
  /** @throws {Error} if the browser gives no WebGL */
  constructor() {
    this.canvas = document.createElement("canvas");
    const gl = this.canvas.getContext("webgl", { alpha: true, antialias: true });
    if (!gl) throw new Error(NO_WEBGL);
    this.gl = gl;
    this.program = program(gl);
    gl.useProgram(this.program);
    gl.enable(gl.DEPTH_TEST);
    paintScale(gl);
    /** @type {Map<object, WebGLBuffer>} buffers by the array that they hold */
    this.buffers = new Map();
  }

  /**
   * Draws a surface in place of what is on `target`.
   *
   * @param {CanvasRenderingContext2D} target
   * @param {Body} body
   * @param {Float32Array} values (n)
   * @param {{zero: number, limit: number}} scale of the values
   * @param {View} view
   */
  draw(target, body, values, { zero, limit }, view) {
    const { gl, canvas } = this;
    const { width, height } = target.canvas;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.feed("position", body.vertices, 3);
    this.feed("normal", body.normals, 3);
    this.feed("value", values, 1);
    const at = (/** @type {string} */ name) => gl.getUniformLocation(this.program, name);
    gl.uniform4f(at("turn"), view[4], view[5], view[6], view[7]);
    gl.uniform3f(at("shift"), view[0], view[1], view[2]);
    gl.uniform1f(at("depth"), CAMERA_Z - view[3]);
    gl.uniform1f(at("aspect"), width / height);
    gl.uniform1f(at("zero"), zero);
    gl.uniform1f(at("limit"), limit);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.buffer(gl.ELEMENT_ARRAY_BUFFER, body.triangles));
    gl.drawElements(gl.TRIANGLES, body.triangles.length, gl.UNSIGNED_SHORT, 0);
    target.clearRect(0, 0, width, height);
    target.drawImage(canvas, 0, 0);
  }

  /** @param {string} attribute @param {Float32Array} data @param {number} size */
  feed(attribute, data, size) {
    const { gl } = this;
    const location = gl.getAttribLocation(this.program, attribute);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer(gl.ARRAY_BUFFER, data));
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, gl.FLOAT, false, 0, 0);
  }

  /** @param {number} kind @param {Float32Array | Uint16Array} data @returns {WebGLBuffer} */
  buffer(kind, data) {
    const known = this.buffers.get(data);
    if (known) return known;
    const made = /** @type {WebGLBuffer} */ (this.gl.createBuffer());
    this.gl.bindBuffer(kind, made);
    this.gl.bufferData(kind, /** @type {BufferSource} */ (data), this.gl.STATIC_DRAW);
    this.buffers.set(data, made);
    return made;
  }
}

/** @param {WebGLRenderingContext} gl @returns {WebGLProgram} */
function program(gl) {
  const made = gl.createProgram();
  for (const [kind, source] of /** @type {const} */ ([[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made) ?? "the shaders cannot be linked");
  return made;
}

/** The colour scale as the texture that is bound. @param {WebGLRenderingContext} gl */
function paintScale(gl) {
  const colors = Array.from({ length: SHADES }, (_, i) => diverging((2 * i) / (SHADES - 1) - 1).map((c) => Math.round(255 * c)));
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, SHADES, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, Uint8Array.from(colors.flat()));
  for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_MAG_FILTER, gl.LINEAR], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) {
    gl.texParameteri(gl.TEXTURE_2D, name ?? 0, value ?? 0);
  }
}
