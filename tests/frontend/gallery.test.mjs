import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeGallery, envelopeNormals, outdated } from "../../frontend/js/lib/gallery.js";
import { facing } from "../../frontend/js/lib/mesh.js";
import { envelopeAddress, parseRoute, parseView } from "../../frontend/js/lib/route.js";
import { initialState } from "../../frontend/js/store.js";
import { close } from "./sample.mjs";

const gallery = decodeGallery(JSON.parse(readFileSync(new URL("../../frontend/examples/gallery.json", import.meta.url), "utf8")));

test("the file's surfaces are closed and lit from outside, and carry values between their limits", () => {
  for (const { name, vertices, normals, triangles, values } of gallery.molecules) {
    const n = vertices.length / 3;
    assert.equal(triangles.length / 3, 2 * n - 4, `${name}: Euler's formula of a sphere`);
    const lit = facing({ positions: vertices, normals, values: new Float32Array(n), indices: Uint32Array.from(triangles) });
    assert.equal(lit.normals, normals, `${name}: normals on the side of its triangles`);
    for (const probes of Object.values(values)) {
      assert.deepEqual(Object.keys(probes), gallery.elements);
      for (const { minimum, median, maximum, values: all } of Object.values(probes)) {
        assert.equal(all.length, n);
        assert.ok(close(Math.min(...all), minimum, 1e-5) && close(Math.max(...all), maximum, 1e-5));
        assert.ok(all.filter((value) => value < median - 1e-3).length <= n / 2 && all.filter((value) => value > median + 1e-3).length <= n / 2);
      }
    }
  }
});

test("the normal of one atom's sphere leads away from it", () => {
  const [x, y, z] = envelopeNormals(Float32Array.from([1, 2, 5]), [[1, 2, 3]]);
  assert.deepEqual([x, y, z], [0, 0, 1]);
});

test("models that have changed since are named", () => {
  const now = gallery.models.map((model) => ({ ...model }));
  assert.deepEqual(outdated(gallery, now), []);
  now[0].checkpoint = "another";
  assert.deepEqual(outdated(gallery, now), [gallery.models[0].name]);
  assert.deepEqual(outdated(gallery, []), gallery.models.map(({ name }) => name));
});

test("an address opens the potential of a probe on the envelope, and no other says anything of the view", () => {
  const { probe } = initialState();
  const { pathname, search } = new URL(envelopeAddress("benzene", "N"), "http://localhost");
  assert.deepEqual(parseRoute({ pathname, search }), { page: "main", id: null, query: null, example: "benzene" });
  assert.deepEqual(parseView({ search }, probe), { quantity: "potential", probe: { ...probe, mode: "envelope", element: "N" } });
  assert.deepEqual(parseView({ search: "?q=benzene&show=else&probe=N" }, probe), {});
  assert.equal(parseRoute({ pathname: "/gallery", search: "" }).page, "gallery");
});
