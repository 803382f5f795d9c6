/** What is said when something goes wrong: to readers what they can do, not what a program would send. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createFieldActions } from "../../frontend/js/actions/fields.js";
import { createMoleculeActions } from "../../frontend/js/actions/molecule.js";
import { createProblems } from "../../frontend/js/actions/problems.js";
import { ApiError, offline, part } from "../../frontend/js/api.js";
import { destination, placeOf } from "../../frontend/js/lib/pages.js";
import { createStore } from "../../frontend/js/store.js";
import { sample } from "./sample.mjs";

const saidOf = (code, hint) => {
  const store = createStore();
  createProblems(store, { alive: async () => true }).report(new ApiError({ code, message: "Gone.", hint, field: "id", status: 404 }), "molecule", () => {});
  return store.get().alert;
};

test("of an address whose content is not here a reader hears what to do", () => {
  for (const code of ["unknown_molecule", "unknown_trajectory", "unknown_batch"]) {
    const { message, hint } = saidOf(code, "Send the file again: POST /api/v1/batches.");
    assert.equal(message, "Gone.");
    assert.doesNotMatch(hint, /POST|\/api\//);
    assert.match(hint, /address may be incomplete/);
  }
  assert.equal(saidOf("unknown_view", "It may have been deleted.").hint, "It may have been deleted.");
});

/** A page whose server went away: what was refused, until `back` says that it answers again. */
function outage(t, initial = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const store = createStore(initial);
  let answers = false;
  const problems = createProblems(store, { alive: async () => answers });
  const turns = async () => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  const back = async () => {
    answers = true;
    await turns();
    t.mock.timers.tick(3000);
    await turns();
  };
  return { store, problems, back, turns };
}

test("all that was refused while nobody answered is done in its order, and of each kind the newest alone", async (t) => {
  const { store, problems, back, turns } = outage(t);
  const done = [];
  const refuse = (name, place, options) => problems.report(offline(), place, () => void done.push(name), options);
  refuse("phenol", "molecule");
  refuse("potential", "probe", { kind: "field" });
  refuse("aniline", "molecule");
  refuse("link", "share");
  await turns();
  t.mock.timers.tick(3000);
  await turns();
  assert.deepEqual([done, store.get().offline, store.get().alert.place], [[], true, "share"]);
  await back();
  assert.deepEqual([done, store.get().offline, store.get().alert], [["potential", "aniline", "link"], false, null]);
});

test("a link that was asked for after a molecule is made once the molecule is there", async (t) => {
  const { store, problems, back, turns } = outage(t, { molecule: { id: "pyrrole" } });
  const shared = [];
  let explained = () => {};
  problems.report(offline(), "molecule", () => new Promise((resolve) => {
    explained = () => resolve(store.set({ molecule: { id: "aniline" } }));
  }));
  problems.report(offline(), "share", () => void shared.push(store.get().molecule.id), { of: "pyrrole" });
  await back();
  assert.deepEqual(shared, []);
  explained();
  await turns();
  assert.deepEqual(shared, ["aniline"]);
});

test("no link is made of what stayed because its successor was refused", async (t) => {
  const { store, problems, back } = outage(t, { molecule: { id: "pyrrole" } });
  const shared = [];
  const refused = new ApiError({ code: "unknown_name", message: "No such name.", hint: null, field: "text", status: 400 });
  problems.report(offline(), "molecule", () => problems.report(refused, "molecule", () => {}));
  problems.report(offline(), "share", () => void shared.push("link"), { of: "pyrrole" });
  await back();
  assert.deepEqual([shared, store.get().alert.message], [[], "No such name."]);
});

test("what was asked of a molecule that was left since is not done", async (t) => {
  const { store, problems, back } = outage(t, { molecule: { id: "pyrrole" } });
  const done = [];
  problems.report(offline(), "share", () => void done.push("link"), { of: "pyrrole" });
  problems.report(offline(), "molecule", () => void done.push("examples"), { kind: "examples" });
  store.set({ molecule: { id: "phenol" } });
  await back();
  assert.deepEqual(done, ["examples"]);
});

test("what is lost again on the way waits once more, and an error of one keeps none from being done", async (t) => {
  t.mock.method(console, "error", () => {});
  const { store, problems, back } = outage(t);
  const done = [];
  let lost = true;
  problems.report(offline(), "molecule", () => {
    throw new Error("wrong");
  });
  const first = () => (lost ? problems.report(offline(), "probe", first) : void done.push("first"));
  problems.report(offline(), "probe", first);
  problems.report(offline(), "share", () => void done.push("second"));
  await back();
  assert.deepEqual([done, store.get().offline], [[], true]);
  lost = false;
  await back();
  assert.deepEqual([done, store.get().offline], [["first", "second"], false]);
});

test("an error that an answer brought outlives the outage", async (t) => {
  const { store, problems, back } = outage(t);
  const done = [];
  problems.report(offline(), "probe", () => void done.push("field"));
  problems.report(new ApiError({ code: "unknown_name", message: "No such name.", hint: null, field: "text", status: 400 }), "molecule", () => {});
  assert.equal(store.get().offline, true, "what is outstanding is not forgotten");
  await back();
  assert.deepEqual([done, store.get().alert.message], [["field"], "No such name."]);
});

test("a link that cannot be followed leaves the page as it is until the connection is back", async (t) => {
  const { store, problems, back } = outage(t);
  problems.stay("gallery");
  const { alert } = store.get();
  assert.match(alert.message, /does not answer/);
  assert.match(alert.hint, /what is shown here stays/);
  assert.equal(store.get().offline, true);
  await back();
  assert.deepEqual([store.get().offline, store.get().alert], [false, null]);
  assert.deepEqual(["main", "view", "help", "batch", "vectors"].map(placeOf), ["molecule", "molecule", "molecule", "batch", "vectors"]);
});

test("a click leaves the page where its link leads to another page of this server in the same window", () => {
  const here = { href: "http://x/help?a=1", origin: "http://x", pathname: "/help", search: "?a=1" };
  const clicked = (attributes, event = {}) => {
    const link = { hasAttribute: (name) => name in attributes, getAttribute: (name) => attributes[name] ?? null };
    return destination({ button: 0, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, defaultPrevented: false, target: { closest: () => ("href" in attributes ? link : null) }, ...event }, here);
  };
  assert.equal(clicked({ href: "/elements" }), "http://x/elements");
  assert.equal(clicked({ href: "/help#words" }), "http://x/help#words", "of another address");
  assert.equal(clicked({ href: "#words" }), null);
  assert.equal(clicked({ href: "http://y/" }), null);
  assert.equal(clicked({ href: "/v/1", target: "_blank" }), null);
  assert.equal(clicked({ href: "/file", download: "" }), null);
  assert.equal(clicked({ href: "/elements" }, { ctrlKey: true }), null);
  assert.equal(clicked({ href: "/elements" }, { defaultPrevented: true }), null);
  assert.equal(clicked({}), null);
});

test("a part of the page that could not be loaded counts as a lost connection, and is else an error of its own", async (t) => {
  let answers = false;
  t.mock.method(globalThis, "fetch", async () => {
    if (!answers) throw new TypeError("Failed to fetch");
    return { ok: true };
  });
  const failed = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  await assert.rejects(part(failed), (error) => error instanceof ApiError && error.offline);
  answers = true;
  await assert.rejects(part(failed), TypeError);
  assert.equal(await part(async () => 1), 1);
});

test("a surface that could not be computed is not said to be drawn", async (t) => {
  const store = createStore(sample({ quantity: "potential" }));
  const problems = createProblems(store, { alive: async () => true });
  t.mock.method(globalThis, "setTimeout", () => 0);
  const api = { field: async () => Promise.reject(new ApiError({ code: "internal", message: "It failed.", hint: null, field: null, status: 500 })) };
  createFieldActions(store, api, problems).start();
  for (let i = 0; i < 50; i++) await Promise.resolve();
  assert.equal(store.get().alert.message, "It failed.");
  assert.equal(store.get().busy, null);
  assert.doesNotMatch(store.get().done, /drawn/);
});

test("a molecule that was refused does not come back over one that was asked for since", async () => {
  const store = createStore();
  const retries = [];
  const asked = [];
  const api = {
    ApiError,
    molecule: async (format, input) => {
      asked.push(input);
      throw offline();
    },
  };
  const molecules = createMoleculeActions(store, api, { report: (error, place, retry, { kind }) => retries.push({ retry, kind }) }, async () => false);
  await molecules.explainText("phenol", { address: false });
  await molecules.explainText("aniline", { address: false });
  assert.deepEqual(retries.map(({ kind }) => kind), ["molecule", "molecule"]);
  await retries[0].retry();
  assert.deepEqual(asked, ["phenol", "aniline"]);
  await retries[1].retry();
  assert.deepEqual(asked, ["phenol", "aniline", "aniline"]);
});
