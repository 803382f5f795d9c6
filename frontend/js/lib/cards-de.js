/**
 * German: what the service calls models, their data and where geometries come from, by its own words or the parts of them
 * between commas (tests/docs/test_german_sentences.py holds them to the models' cards).
 */

/** @type {Readonly<Record<string, string>>} */
export const CARDS = Object.freeze({
  "Behler–Parrinello with wACSF": "Behler–Parrinello mit wACSF",
  "energy": "Energie",
  "dipole": "Dipolmoment",
  "formation energy": "Bildungsenergie",
  "organic": "organische Moleküle",
  "elpasolites": "Elpasolithe",
  "oxides ABO3": "Oxide ABO3",
  "Elpasolites ABC2D6": "Elpasolithe ABC2D6",
  "Oxides ABO3 (OQMD)": "Oxide ABO3 (OQMD)",
  "up to 20 atoms": "bis zu 20 Atomen",
  "GFN2-xTB dipole moments": "Dipolmomente nach GFN2-xTB",
  "OpenFF conformers": "Konformere von OpenFF",
  "displaced by GFN2-xTB": "nach GFN2-xTB ausgelenkt",
  "OpenFF conformers and small molecules": "Konformere von OpenFF und kleine Moleküle",
  "in part with U": "zum Teil mit U",
  "in part with U (OQMD)": "zum Teil mit U (OQMD)",
  "with corrections (Materials Project)": "mit Korrekturen (Materials Project)",
  "B3LYP-D3BJ/DZVP; away from the minima what GFN2-xTB says of the difference": "B3LYP-D3BJ/DZVP; abseits der Minima, was GFN2-xTB zum Unterschied sagt",
  "and its forces": "und dessen Kräfte",
  "quantum chemistry": "Quantenchemie",
  "force field": "Kraftfeld",
  "file": "Datei",
  "relaxed": "relaxiert",
  "frame of a file": "Bild einer Datei",
  "moved by hand": "von Hand verschoben",
  "edited by hand": "von Hand bearbeitet",
});

/** @param {string} words of the service @returns {string} in German, where they are known */
export function cardWords(words) {
  return CARDS[words] ?? words.split(", ").map((part) => CARDS[part] ?? part).join(", ");
}
