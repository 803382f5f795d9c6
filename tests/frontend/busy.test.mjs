/** A busy server is said while the page waits, not after it has given up. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createProblems } from "../../frontend/js/actions/problems.js";
import * as api from "../../frontend/js/api.js";
import { createStore } from "../../frontend/js/store.js";
import { text } from "../../frontend/js/lib/text.js";

const answer = (body, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });

/** Runs with the answers of a server, each given after so many milliseconds of a clock that the test turns. */
async function served(answers, ask) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const fetched = mock.method(globalThis, "fetch", (path) => {
    asked.push(String(path));
    const [after, give] = answers.shift();
    return new Promise((resolve) => setTimeout(() => resolve(give()), after));
  });
  try {
    const result = ask();
    let over = false;
    result.finally(() => (over = true)).catch(() => undefined);
    for (let turn = 0; turn < 400 && !over; turn++) {
      mock.timers.tick(100);
      for (let step = 0; step < 20; step++) await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { result: await result, asked };
  } finally {
    fetched.mock.restore();
    mock.timers.reset();
  }
}

test("an answer that takes long is spoken of after four seconds, and one that does not never is", async () => {
  for (const [after, expected] of [[3900, []], [9000, [0]]]) {
    const said = [];
    await served([[after, () => answer({ molecule: {}, predictions: [], choice: [] })]], () => api.predictions("m", { onBusy: (seconds) => said.push(seconds) }));
    assert.deepEqual(said, expected);
  }
  assert.match(text.status.busy(0), /takes longer than usual/);
  assert.match(text.status.busy(3), /asking again in 3 seconds/);
});

test("a job that waits for its turn says that the server is busy, and its progress when it runs", async () => {
  const said = [];
  const { asked } = await served(
    [
      [10, () => answer({ job: "j", status: "queued", result: "/api/v1/fields/f" }, 202)],
      [10, () => answer({ status: "queued", progress: 0 })],
      [10, () => answer({ status: "running", progress: 0.5 })],
      [10, () => answer({ status: "done", progress: 1, result: "/api/v1/fields/f" })],
      [10, () => answer({ id: "f", elements: {} })],
    ],
    () => api.field({ molecule: "m" }, { onBusy: (seconds) => said.push(`busy ${seconds}`), onProgress: (share) => said.push(share) }),
  );
  assert.deepEqual(said, ["busy 0", 0.5, 1]);
  assert.equal(asked.length, 5);
});

test("a job for which nobody had time is as little final as a request that is refused", async () => {
  const failed = (code) => served(
    [
      [10, () => answer({ job: "j", status: "queued", result: "/api/v1/relaxations/r" }, 202)],
      [10, () => answer({ status: "failed", progress: 0, error: { code, message: "It failed.", field: null, hint: "Try again in a little while." } })],
    ],
    () => api.relaxation({ molecule: "m", model: "bp" }).catch((error) => error),
  );
  for (const code of ["no_worker", "queue_full", "busy"]) {
    const { result } = await failed(code);
    assert.ok(result.busy, code);
    const again = mock.fn();
    const store = createStore();
    mock.timers.enable({ apis: ["setTimeout"] });
    createProblems(store, api).report(result, "relaxation", again);
    const { hint, retry } = store.get().alert;
    assert.match(hint, /asks again by itself in 5 seconds/);
    assert.ok(retry, "there is a button, too");
    mock.timers.tick(5000);
    mock.timers.reset();
    assert.deepEqual([again.mock.callCount(), store.get().alert], [1, null]);
  }
  assert.ok(!(await failed("timeout")).result.busy, "what takes too long takes as long the next time");
});

test("a server that refuses is asked again when it says, and that is said", async () => {
  const said = [];
  await served(
    [[10, () => answer({ error: { code: "no_worker" } }, 503, { "Retry-After": "2" })], [10, () => answer({ molecule: {}, predictions: [], choice: [] })]],
    () => api.predictions("m", { onBusy: (seconds) => said.push(seconds) }),
  );
  assert.deepEqual(said, [2]);
});
