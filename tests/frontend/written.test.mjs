/** Counts and dates as a language writes them, by Intl's own measure. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { english } from "../../frontend/js/lib/text.js";
import { german } from "../../frontend/js/lib/text-de.js";
import { longDate, parted } from "../../frontend/js/lib/written.js";

const LANGUAGES = [[english, "en-GB"], [german, "de-DE"]];

test("thousands are parted as the language does", () => {
  for (const [words, locale] of LANGUAGES) {
    for (const n of [0, 7, 999, 1000, 4847, 65617, 1234567]) assert.equal(parted(n, words.number.thousands), n.toLocaleString(locale));
  }
});

test("a date is written out in the language, every month of a year", () => {
  for (const [words, locale] of LANGUAGES) {
    for (let month = 1; month <= 12; month += 1) {
      const time = `2026-${String(month).padStart(2, "0")}-03T12:00:00+00:00`;
      assert.equal(longDate(time, words.date), new Date(time).toLocaleDateString(locale, { dateStyle: "long" }));
    }
  }
});
