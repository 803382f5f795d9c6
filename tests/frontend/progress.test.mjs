/** What a screen reader is told of work under way: what begins, and how it ended, but no percentages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnnouncer, progressOf, seenOf } from "../../frontend/js/lib/progress.js";

test("the eye sees every step, the ear hears what begins", () => {
  const busy = progressOf("Relaxing with SchNet …", 0.333);
  assert.equal(seenOf(busy), "Relaxing with SchNet … 33 %");
  assert.equal(seenOf("Reading the molecule …"), "Reading the molecule …");
  assert.equal(busy.said, "Relaxing with SchNet …");
});

test("two networks that take turns are announced once each, and then the end", () => {
  const announced = createAnnouncer();
  const heard = [];
  const hear = (busy, done = "") => {
    const said = announced(busy, done);
    if (said !== heard.at(-1)) heard.push(said);
  };
  for (let k = 0; k <= 20; k++) for (const model of ["BP", "SchNet"]) hear(progressOf(`Computing the field of ${model} …`, k / 20));
  hear(null, "The surface is drawn.");
  assert.deepEqual(heard, ["Computing the field of BP …", "Computing the field of SchNet …", "The surface is drawn."]);
  hear(progressOf("Computing the field of BP …", 0));
  assert.equal(heard.at(-1), "Computing the field of BP …", "the next work is announced as the first was");
});
