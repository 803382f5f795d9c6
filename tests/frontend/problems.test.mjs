/** What is said when something goes wrong: to readers what they can do, not what a program would send. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createProblems } from "../../frontend/js/actions/problems.js";
import { ApiError } from "../../frontend/js/api.js";
import { createStore } from "../../frontend/js/store.js";

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
