/** The picture as a file: what is written on it has room. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { composePicture } from "../../frontend/js/lib/picture.js";
import { shortened, shortenedApart } from "../../frontend/js/lib/shortening.js";

/** What is written on a canvas whose letters are all as wide as they are high. @returns {{text: string, middle: number, letter: number}[]} */
function written(shots) {
  const lines = [];
  const context = {
    canvas: {}, font: "", fillRect() {}, drawImage() {},
    get letter() {
      return Number(this.font.match(/(\d+)px/)[1]);
    },
    measureText: (part) => ({ width: context.letter * part.length }),
    fillText: (text, middle) => lines.push({ text, middle, letter: context.letter }),
  };
  globalThis.document = { createElement: () => ({ getContext: () => context }) };
  try {
    composePicture(shots, 1, null, { background: "#ffffff", ink: "#000000" }, false, { width: 600, height: 300 }, null);
  } finally {
    delete globalThis.document;
  }
  return lines;
}

test("a title does not leave its pane", () => {
  const picture = { width: 200, height: 200 };
  const titles = ["aspirin", "CC(C)(C)OC(=O)NC(Cc1ccccc1)C(=O)O", "CCOC(=O)C(CC(C)C)NC(=O)OC(C)(C)C − CC(C)(C)OC(=O)NC(Cc1ccccc1)C(=O)O"];
  const lines = written(titles.map((title) => ({ title, room: true, picture, overlay: picture })));
  assert.equal(lines.length, 3);
  lines.forEach(({ text, middle, letter }, pane) => {
    const half = (letter * text.length) / 2;
    assert.ok(middle - half > 200 * pane && middle + half < 200 * (pane + 1), text);
  });
  assert.deepEqual([lines[0].text, lines[0].letter], ["aspirin", 15]);
  const [smaller] = written([{ title: "methanimine-12", room: true, picture, overlay: picture }]);
  assert.deepEqual([smaller.text, smaller.letter], ["methanimine-12", 13], "smaller letters come before fewer");
  assert.match(lines[2].text, /^CC.*….* − CC.*….*O$/, "both molecules are named");
});

test("a name loses its middle, of a difference the longer one first", () => {
  const most = (n) => (part) => part.length <= n;
  assert.equal(shortened("ibuprofen", most(9)), "ibuprofen");
  assert.equal(shortened("CC(C)(O)C#N", most(7)), "CC(…C#N");
  assert.equal(shortened("abcdefghij − xyz", most(11)), "ab…ij − xyz");
  assert.equal(shortened("abcdef", most(0)), "a…f", "something stays");
  assert.equal(shortened("ab − cd", most(0)), "ab − cd");
});

test("names beside each other that differ do so when they are shortened", () => {
  for (const [first, second] of [["theobromine", "theophylline"], ["CC(C)Cc1ccc(cc1)C(C)C(=O)OCCCCCCCC", "CC(C)Cc1ccc(cc1)C(N)C(=O)OCCCCCCCC"], ["C".repeat(40), "C".repeat(41)]]) {
    const short = shortenedApart([first, second], 8);
    assert.notEqual(short[0], short[1]);
    for (const name of short) assert.ok(name.length <= 12, name);
  }
  assert.deepEqual(shortenedApart(["ibuprofen", "caffeine"], 8), ["ibup…fen", "caffeine"], "no longer than it must");
  assert.deepEqual(shortenedApart(["water", "water"], 8), ["water", "water"], "one molecule twice");
});
