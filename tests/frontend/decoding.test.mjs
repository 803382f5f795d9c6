/** Files as programs write them: UTF-8, UTF-16 with its mark, Windows-1252. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText, textOf } from "../../frontend/js/lib/decoding.js";
import { textsOf } from "../../frontend/js/lib/batch.js";

const TABLE = "Name,SMILES\nÄthanol,CCO\nMüll,c1ccccc1\n";
/** Letters alone: Node.js reads Windows-1252 as Latin-1, browsers do not. */
const western = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("a file is read in the encoding in which it was written", async () => {
  for (const bytes of [
    new TextEncoder().encode(TABLE),
    new TextEncoder().encode(`\ufeff${TABLE}`),
    Uint8Array.from(Buffer.from(`\ufeff${TABLE}`, "utf16le")),
    Uint8Array.from(Buffer.from(`\ufeff${TABLE}`, "utf16le").swap16()),
    western(TABLE),
  ]) {
    assert.equal(decodeText(bytes), TABLE);
    assert.equal(await textOf(new Blob([bytes])), TABLE);
  }
  assert.deepEqual(await textsOf([new File([western(TABLE)], "a.csv")]), [{ name: "a.csv", text: TABLE }]);
});

test("what is no text keeps the characters by which the service tells it", () => {
  assert.match(decodeText(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0)), /\0/);
  assert.match(decodeText(Uint8Array.of(0x43, 0x81)), /\x81/);
});
