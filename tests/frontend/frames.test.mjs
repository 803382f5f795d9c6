/** Frames of a viewer: one drawing for all that a task changes, and none where nothing has changed. */
import assert from "node:assert/strict";
import test from "node:test";

import { Frames } from "../../frontend/js/lib/frames.js";

globalThis.window ??= { devicePixelRatio: 1 };

const task = () => new Promise((resolve) => setTimeout(resolve));

/** A viewer that draws at once whenever anything is asked of it, as 3Dmol does. */
function viewer(gl = {}) {
  const drawn = [];
  const sizes = [];
  const made = () => ({
    _gl: gl, _upscale: true, _programs: [], _programs_counter: 0,
    render(scene, camera) { drawn.push([scene, camera]); },
    setSize(width, height) { sizes.push([width, height]); },
  });
  const found = { renderer: made(), drawn, sizes, made, resize: (w, h) => { found.renderer.setSize(w, h); found.show(); }, show: () => found.renderer.render("scene", found.camera), camera: { aspect: 1.5 } };
  return found;
}

test("one task comes to one drawing, and what has not changed is not drawn", async () => {
  const pane = viewer();
  const frames = new Frames(pane);
  pane.resize(300, 200);
  pane.show();
  pane.show();
  assert.deepEqual(pane.drawn, []);
  await task();
  assert.deepEqual(pane.drawn, [["scene", pane.camera]]);
  pane.show();
  pane.resize(300, 200);
  await task();
  assert.equal(pane.drawn.length, 1);
  assert.deepEqual(pane.sizes, [[300, 200]], "the same size again is no change");
  frames.change();
  await task();
  assert.equal(pane.drawn.length, 1, "nobody has asked");
  pane.show();
  await task();
  assert.equal(pane.drawn.length, 2);
});

test("another size, and other pixels of the same size, are drawn anew", async () => {
  const pane = viewer();
  new Frames(pane);
  pane.resize(300, 200);
  await task();
  pane.resize(301, 200);
  await task();
  pane.renderer._upscale = false;
  pane.resize(301, 200);
  await task();
  assert.deepEqual([pane.drawn.length, pane.sizes.length], [3, 3]);
  pane.renderer._upscale = true;
  pane.renderer.setSize(301, 200);
  await task();
  assert.equal(pane.drawn.length, 4, "nobody asked for it, but what stands there is of the other size");
});

test("nothing is drawn where there is no room, until there is", async () => {
  const pane = viewer();
  new Frames(pane);
  pane.resize(300, 200);
  pane.renderer.setSize(0, 0);
  await task();
  assert.equal(pane.drawn.length, 0);
  pane.renderer.setSize(300, 200);
  await task();
  assert.equal(pane.drawn.length, 1);
});

test("a camera that learns of a new size after the renderer is drawn again", async () => {
  const pane = viewer();
  const frames = new Frames(pane);
  pane.renderer.setSize(300, 200);
  frames.change();
  pane.show();
  await task();
  pane.camera.aspect = 1.2;
  pane.resize(300, 200);
  await task();
  assert.equal(pane.drawn.length, 2);
});

test("pixels that are read next are drawn at once, and not a second time", async () => {
  const pane = viewer();
  const frames = new Frames(pane);
  pane.show();
  frames.flush();
  assert.equal(pane.drawn.length, 1);
  await task();
  frames.flush();
  assert.equal(pane.drawn.length, 1);
});

test("viewers of one context share their compiled shaders, those of another have their own", () => {
  const gl = {};
  const [one, two, other] = [viewer(gl), viewer(gl), viewer()];
  for (const pane of [one, two, other]) new Frames(pane);
  one.renderer._programs.push("program");
  one.renderer._programs_counter += 1;
  assert.deepEqual([two.renderer._programs, two.renderer._programs_counter], [["program"], 1]);
  two.renderer._programs = [];
  assert.deepEqual(one.renderer._programs, [], "a list that one has put in place of the other");
  assert.deepEqual([other.renderer._programs, other.renderer._programs_counter], [[], 0]);
});

test("a renderer that took the place of a lost one is taken in hand at the next change", async () => {
  const pane = viewer();
  const frames = new Frames(pane);
  pane.show();
  await task();
  pane.renderer = pane.made();
  frames.change();
  pane.show();
  pane.show();
  await task();
  assert.equal(pane.drawn.length, 2);
});
