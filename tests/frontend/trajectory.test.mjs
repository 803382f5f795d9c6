/** Trajectories: which files have frames, what is shown between two rests, and addresses that open them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { predictionsAlong, pathsShown, holdsFrames } from "../../frontend/js/lib/trajectory.js";
import { isUnderWay, shownWay } from "../../frontend/js/lib/relaxation.js";
import { shownMolecule } from "../../frontend/js/lib/live.js";
import { parseRoute, moleculeAddress, trajectoryAddress } from "../../frontend/js/lib/route.js";
import { readWay, encodeView } from "../../frontend/js/lib/viewstate.js";
import { sample } from "./sample.mjs";

const WATER = "3\nwater\nO 0 0 0\nH 0 0 1\nH 0 1 0\n";

test("frames are told by a second count, or by a second record", () => {
  assert.ok(holdsFrames(WATER + WATER));
  assert.ok(holdsFrames(`\n${WATER}\n\n${WATER}`.replaceAll("\n", "\r\n")));
  assert.ok(holdsFrames("a\n\n\nM  END\n$$$$\nb\n\n\nM  END\n"));
  for (const one of [WATER, `${WATER}\n\n`, "CCO", "caffeine", "a\n\n\nM  END\n$$$$\n", `${WATER}17\n`, "3\ngdb 3\nO 0 0 0\nH 0 0 1\nH 0 1 0\n1341\nO\nx\n"])
    assert.ok(!holdsFrames(one), JSON.stringify(one));
});

const positions = [0, 1, 2].map((x) => [[x, 0, 0], [1.2, 0, 0], [-0.6, 0.9, 0], [-0.6, -0.9, 0]]);
const path = (model, property, more = {}) => ({
  model, property, totals: [1, 2, 3], uncertainties: null, contributions: [[0, 0, 0, 0], [1, 1, 1, 1], [2, 2, 2, 2]], vectors: null, grades: null, ...more,
});
const answer = {
  id: "t", labels: ["", "", ""], positions,
  paths: [
    path("x-bp-energy", "energy", { uncertainties: [0.1, 0.2, 0.3], grades: ["inside", "unusual", "outside"] }),
    path("x-bp-dipole", "dipole", { vectors: [[1, 0, 0], [0, 2, 0], [0, 0, 3]] }),
    path("another", "energy"),
  ],
};

function underWay(frame, rest = 0) {
  const state = sample();
  return { ...state, trajectory: { answer, frame, rest, playing: false, base: state.predictions } };
}

test("in passing the models shown have the values of the frame, and those without a path none", () => {
  const { trajectory } = underWay(1);
  const shown = predictionsAlong(trajectory);
  assert.deepEqual(shown.map(({ model, total }) => [model, total]), [["x-bp-dipole", 2], ["x-bp-energy", 2]]);
  assert.deepEqual(shown[0].vector, [0, 2, 0]);
  assert.deepEqual([shown[1].uncertainty, shown[1].molecule_trust.grade, shown[1].trust], [0.2, "unusual", null]);
  assert.equal(predictionsAlong({ ...trajectory, frame: 0 }), trajectory.base, "at rest it is the molecule itself");
});

test("the picture follows the frame until it is the molecule", () => {
  const state = underWay(2);
  assert.equal(shownWay(state), state.trajectory);
  assert.ok(isUnderWay(state));
  assert.equal(shownMolecule(state).positions, positions[2]);
  const resting = underWay(2, 2);
  assert.ok(!isUnderWay(resting));
  assert.equal(shownMolecule(resting), resting.molecule);
});

test("curves are those of the models shown", () => {
  assert.deepEqual(pathsShown(underWay(0), "energy").map(({ path: { model } }) => model), ["x-bp-energy"]);
  assert.deepEqual(pathsShown(sample(), "energy"), []);
});

test("a link holds the trajectory and its frame, and an address the one that it names", () => {
  const kept = JSON.parse(JSON.stringify(encodeView(underWay(2, 2), null)));
  assert.deepEqual([readWay(kept, "trajectory"), readWay(kept, "relaxation")], [{ id: "t", frame: 2 }, null]);
  assert.equal(readWay(encodeView(underWay(2, 1), null), "trajectory")?.frame, 1, "the molecule of the link is this one");
  for (const wrong of [{}, { trajectory: null }, { trajectory: { id: 3, frame: 1 } }, { trajectory: { id: "t", frame: -1 } }]) assert.equal(readWay(wrong, "trajectory"), null);
  const at = (address) => parseRoute(new URL(address, "http://x"));
  const frame = (n) => ({ page: "main", id: null, query: null, trajectory: "t", frame: n });
  assert.deepEqual([at("/?trajectory=t"), at("/?trajectory=t&frame=3")], [frame(0), frame(2)]);
  assert.deepEqual([at("/?trajectory=t&frame=-3"), at("/?trajectory=t&frame=x")], [frame(0), frame(0)]);
  assert.deepEqual([at(trajectoryAddress("t", 0)), at(trajectoryAddress("t", 5))], [frame(0), frame(5)]);
  assert.deepEqual(at(moleculeAddress("a b")), { page: "main", id: "a b", query: null });
  assert.deepEqual(at("/?q=water&molecule=x"), { page: "main", id: null, query: "water" });
  assert.deepEqual(at("/batch?q=C%0ACC"), { page: "batch", id: null, query: "C\nCC" });
  assert.deepEqual(at("/batch/?id=abc"), { page: "batch", id: "abc", query: null });
  assert.deepEqual(at("/reactions?q=C%3DC%20%2B%20%5BHH%5D%20-%3E%20CC"), { page: "reactions", id: null, query: "C=C + [HH] -> CC" });
});
