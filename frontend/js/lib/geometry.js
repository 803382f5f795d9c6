/** Where the positions of a molecule come from, in words. */
import { text } from "./text.js";

/** @param {import("../types.js").Molecule} molecule @returns {string} where the positions come from */
export function geometryText({ geometry }) {
  if (!geometry) return "";
  const { source, method } = geometry;
  if (source === "force field") return text.geometry["force field"](method ?? "");
  if (source === "relaxed" || source === "partly relaxed") return text.geometry[source](method ?? "");
  if (source === "quantum chemistry" || source === "edited by hand") return text.molecules.geometry[source](method ?? "");
  if (source === "file" || source === "frame of a file" || source === "moved by hand") return text.geometry[source]();
  return text.geometry.other(source, method ?? "");
}
