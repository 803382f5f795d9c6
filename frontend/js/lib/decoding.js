/** The text of a file, whatever it was written with: as the command line reads it (chem/text.py). */

/** By its byte order mark, with which UTF-16 announces itself. @type {readonly (readonly [number, number, string])[]} */
const MARKS = Object.freeze([[0xff, 0xfe, "utf-16le"], [0xfe, 0xff, "utf-16be"]]);

/** @param {Uint8Array} bytes @returns {string} UTF-8, UTF-16 with its mark, or else Windows-1252, as spreadsheets write it; what is no text the service refuses */
export function decodeText(bytes) {
  const marked = MARKS.find(([first, second]) => bytes[0] === first && bytes[1] === second);
  if (marked) return new TextDecoder(marked[2]).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** @param {Blob} file @returns {Promise<string>} @throws {DOMException} where it cannot be read */
export async function textOf(file) {
  return decodeText(new Uint8Array(await file.arrayBuffer()));
}
