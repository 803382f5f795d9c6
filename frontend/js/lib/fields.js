/**
 * Fields: which are needed for the picture, at which level they are cut, and the range of the level's slider.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Field} Field
 * @typedef {import("../types.js").FieldElement} FieldElement
 * @typedef {import("../types.js").Histogram} Histogram
 */
import { predictionsOf, QUANTITIES } from "./quantities.js";
import { elementName, text } from "./text.js";


/** Part of a field's values left beyond each end of the slider: near nuclei they run far off. */
const TAIL = 0.002;
/** Part of a field's values beyond a level that is to be seen in its picture. */
const SEEN = 0.02;
/** Σ|r − rᵢ|⁻² of the envelope, Å⁻² (Schütt et al., Nature Commun. 8, 13890 (2017)). */
export const ENVELOPE = 3.8;

/**
 * The models whose fields the picture needs. One that the service does not list, for it is gone since a link was
 * made or the list has not come yet, computes none.
 *
 * @param {State} state
 * @returns {import("../types.js").Model[]}
 */
export function fieldModels(state) {
  const { property, field } = QUANTITIES[state.quantity];
  if (!state.molecule || !property || !field) return [];
  return predictionsOf(state, property).map(({ model }) => model).filter(({ elements }) => elements.length > 0);
}

/** @param {State} state @returns {string[]} elements that a probe can have: those that all shown models know */
export function probeElements(state) {
  const [first, ...others] = fieldModels(state).map((model) => model.elements);
  return (first ?? []).filter((element) => others.every((elements) => elements.includes(element)));
}

/** @param {State} state @returns {string} the probe's element, one that the models know */
export function probeElement(state) {
  const known = probeElements(state);
  return known.includes(state.probe.element) ? state.probe.element : (known.find((e) => e === "C") ?? known[0] ?? state.probe.element);
}

/**
 * The field whose values an isosurface carries as colours: another element's, or the other network's. What cannot be,
 * since the probe is that element itself or there is one network, is the level.
 *
 * @param {State} state
 * @param {import("../types.js").Model} model whose isosurface it is
 * @returns {{model: import("../types.js").Model, element: string} | null} null: it is coloured by its level
 */
export function colorSource(state, model) {
  const { by, mode } = state.probe;
  const element = probeElement(state);
  if (mode !== "isosurface" || by === "level") return null;
  if (by !== "other") return by !== element && probeElements(state).includes(by) ? { model, element: by } : null;
  const other = fieldModels(state).find(({ name }) => name !== model.name);
  return other ? { model: other, element } : null;
}

/** @param {State} state @returns {{value: string, label: string}[]} by what an isosurface can be coloured */
export function colorChoices(state) {
  const elements = probeElements(state).filter((element) => element !== probeElement(state));
  return [
    { value: "level", label: text.probe.by.level },
    ...(fieldModels(state).length > 1 ? [{ value: "other", label: text.probe.by.other }] : []),
    ...elements.map((value) => ({ value, label: text.probe.by.element(value, elementName(value)) })),
  ];
}

/** @param {State} state @returns {boolean} whether the surfaces' vertices carry values of their own */
export function isValued(state) {
  const [first] = fieldModels(state);
  return state.probe.mode === "envelope" || (first !== undefined && colorSource(state, first) !== null);
}

/** @param {State} state @returns {string} what the colours of the picture show */
export function shownName(state) {
  const name = text.quantity.names[state.quantity];
  const [first] = fieldModels(state);
  const source = first && colorSource(state, first);
  if (!source) return name;
  return state.probe.by === "other" ? text.probe.by.ofOther(name) : text.probe.by.ofElement(name, source.element);
}

/** @param {State} state @returns {string} under which the level of the picture is kept */
export function levelKey(state) {
  return `${state.quantity}:${probeElement(state)}`;
}

/** @param {State} state @returns {FieldElement[]} what is known of the shown fields for the probe's element */
export function shownFields(state) {
  const element = probeElement(state);
  return fieldModels(state)
    .map((model) => state.fields[model.name]?.field?.elements[element])
    .filter((field) => field !== undefined);
}

/**
 * The level suggested for all models together: the mean of their own, so that no surface is much too wide or
 * narrow; where their signs differ or a field does not reach it outside of the atoms, the smallest that every field
 * reaches there; where each goes its own way, the strongest that is to be seen of all.
 *
 * @param {FieldElement[]} fields
 * @returns {number | null} eV or e
 */
export function suggestedLevel(fields) {
  const levels = fields.map((field) => field.suggested_isovalue).sort((a, b) => Math.abs(a) - Math.abs(b));
  const [first] = levels;
  if (first === undefined) return null;
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  const choices = levels.every((level) => Math.sign(level) === Math.sign(first)) ? [mean, ...levels] : levels;
  return choices.find((level) => fields.every((field) => reachesOutside(field, level))) ?? common(fields) ?? first;
}

/** @param {FieldElement[]} fields @returns {number | null} the strongest level beyond which each has values outside of the atoms, of either sign */
function common(fields) {
  const below = Math.max(...fields.map(({ histogram }) => quantile(histogram, SEEN)));
  const above = Math.min(...fields.map(({ histogram }) => quantile(histogram, 1 - SEEN)));
  const strongest = -below > above ? below : above;
  return below < 0 || above > 0 ? strongest : null;
}

/** @param {State} state @returns {number | null} eV or e; null as long as nothing is known of the field */
export function currentLevel(state) {
  return state.probe.levels[levelKey(state)]?.value ?? suggestedLevel(shownFields(state));
}

/** @param {Float32Array} values @returns {number} their median; 0 for none */
export function median(values) {
  const ordered = Float32Array.from(values).sort();
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? 0;
  return ordered.length % 2 === 1 ? upper : (upper + (ordered[middle - 1] ?? upper)) / 2;
}

/** @param {Histogram} histogram @param {number} part 0..1 @returns {number} the value below which that part lies */
export function quantile({ edges, counts }, part) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (below + count >= part * total && count > 0) {
      const [low = 0, high = 0] = [edges[i], edges[i + 1]];
      return low + ((part * total - below) / count) * (high - low);
    }
    below += count;
  }
  return edges.at(-1) ?? 0;
}

/**
 * The range of the level's slider: the values of all shown fields without their tails, zero and the level.
 *
 * @param {FieldElement[]} fields
 * @param {number | null} level
 * @returns {{low: number, high: number} | null} eV or e
 */
export function levelRange(fields, level) {
  if (fields.length === 0) return null;
  const bounds = fields.flatMap(({ histogram }) => [quantile(histogram, TAIL), quantile(histogram, 1 - TAIL)]);
  const [least, most] = [Math.min(...bounds, 0), Math.max(...bounds, 0)];
  const margin = 0.04 * (most - least || 1);
  // a level beyond, from a link, is an end and no more: with room behind it each step would lead to another
  return { low: Math.min(least - margin, level ?? 0), high: Math.max(most + margin, level ?? 0) };
}

/** @param {number} low @param {number} high @returns {number} a round step of about a three-hundredth of the range */
export function sliderStep(low, high) {
  const rough = (high - low) / 300;
  const power = 10 ** Math.floor(Math.log10(rough > 0 ? rough : 1));
  const step = [1, 2, 5, 10].find((s) => s * power >= rough) ?? 10;
  return Number((step * power).toPrecision(2));
}

/** @param {State} state @returns {number} of the surfaces, or of the plane, whose colours are to be read off the legend */
export function drawnOpacity({ probe }) {
  return probe.mode === "slice" ? probe.slice.opacity : probe.opacity;
}

/** @param {State} state @returns {boolean} whether all surfaces of the picture are there, of the finest fields; a field that failed is not waited for */
export function isDrawn(state) {
  return fieldModels(state).every(({ name }) => {
    const { field = null, refining = true, error = null } = state.fields[name] ?? {};
    if (error) return true;
    return field !== null && !refining && (state.surfaces[name]?.every(({ key }) => key.startsWith(field.id)) ?? false);
  });
}

/** @param {State} state @returns {boolean} whether each network has surfaces in the picture, coarse ones perhaps, or failed */
export function hasSurfaces(state) {
  return fieldModels(state).every(({ name }) => state.fields[name]?.error || (state.surfaces[name]?.length ?? 0) > 0);
}

/** @param {FieldElement} field @param {number} level @returns {boolean} whether the field has an isosurface there */
export function reaches({ minimum, maximum }, level) {
  return level > minimum && level < maximum;
}

/** @param {FieldElement} field @param {number} level @returns {boolean} whether some of that surface lies outside of the atoms, where the histogram counts */
export function reachesOutside({ histogram: { edges } }, level) {
  return level > (edges[0] ?? 0) && level < (edges.at(-1) ?? 0);
}

/** @param {State} state @param {number} level @returns {number[]} the levels at which surfaces are drawn */
export function drawnLevels(state, level) {
  return state.probe.bothSigns && level !== 0 ? [level, -level] : [level];
}
