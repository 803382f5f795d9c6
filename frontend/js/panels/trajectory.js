/** The trajectory under the picture: the scrubber, and what the networks predict along its frames. */
import { CurveChart } from "../charts/curve.js";
import { atomName } from "../lib/atoms.js";
import { Icon, PlayButton, Problem, SliderValue } from "../lib/controls.js";
import { html, useId, useStore } from "../lib/html.js";
import { followedAtoms, lastFrame } from "../lib/relaxation.js";
import { text } from "../lib/text.js";
import { pathsShown } from "../lib/trajectory.js";
import { decimals, prettyNumber, shownUnit, toShown } from "../lib/units.js";

/** Curves of atoms that can be told apart in one picture. */
const MOST_ATOMS = 4;

/** @param {import("../main.js").Parts} props */
export function TrajectoryPanel({ store, actions }) {
  const state = useStore(store, (all) => all);
  const id = useId();
  const { trajectory } = state;
  if (!trajectory) return null;
  const { answer, frame, playing } = trajectory;
  const last = lastFrame(trajectory);
  const label = answer.labels[frame] ?? "";
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (event.key !== " " || /** @type {HTMLElement} */ (event.target).tagName === "BUTTON") return;
    event.preventDefault();
    actions.playTrajectory();
  };
  const go = (/** @type {number} */ to) => actions.turnTrajectory(to);
  return html`<section class="trajectory" aria-label=${text.trajectory.region} onKeyDown=${onKey}>
    <div class="scrubber">
      <${PlayButton} playing=${playing} label=${playing ? text.trajectory.pause : text.trajectory.play} onPlay=${() => actions.playTrajectory()} />
      <button type="button" class="icon" aria-label=${text.trajectory.previous} title=${text.trajectory.previous} disabled=${frame === 0} onClick=${() => go(frame - 1)}><${Icon} name="back" /></button>
      <button type="button" class="icon" aria-label=${text.trajectory.next} title=${text.trajectory.next} disabled=${frame === last} onClick=${() => go(frame + 1)}><${Icon} name="forth" /></button>
      <label class="visually-hidden" for=${id}>${text.trajectory.frame}</label>
      <input id=${id} type="range" min="1" max=${last + 1} step="1" value=${frame + 1} aria-valuetext=${text.trajectory.frameText(frame + 1, last + 1, label)}
        onInput=${(/** @type {any} */ event) => go(Number(event.target.value) - 1)} />
      <${SliderValue} slider=${id}>${text.trajectory.frameOf(frame + 1, last + 1)}<//>
    </div>
    ${label ? html`<p class="muted trajectory-label">${label}</p>` : null}
    <${Curves} state=${state} trajectory=${trajectory} go=${go} />
    <p class="muted trajectory-note">${text.trajectory.note} ${state.selected.length > 0 ? text.trajectory.selectedNote : text.trajectory.atomsNote}</p>
    <${Problem} alert=${state.alert} place="trajectory" onDismiss=${actions.dismiss} />
  </section>`;
}

/**
 * @param {{state: import("../types.js").State, trajectory: import("../types.js").Trajectory, go: (frame: number) => void}} props
 */
function Curves({ state, trajectory, go }) {
  const { unit, molecule, selected } = state;
  const last = lastFrame(trajectory);
  const at = last > 0 ? trajectory.frame / last : 0;
  const onPick = (/** @type {number} */ part) => go(Math.round(part * last));
  const shown = shownUnit("energy", unit);
  const energies = pathsShown(state, "energy");
  const dipoles = pathsShown(state, "dipole");
  const chart = { frame: trajectory.frame, at, onPick };
  return html`<div class="trajectory-curves">
    ${energies.length > 0 ? html`<${Curve} ...${chart} unit=${shown} heading=${text.trajectory.energy} label=${text.trajectory.energyCurve(shown)}
      series=${energies.map(({ name, path }) => ({ name, path, values: path.totals.map((total) => toShown(total - Math.min(...path.totals), "energy", unit)) }))} />` : null}
    ${dipoles.length > 0 ? html`<${Curve} ...${chart} unit="D" heading=${text.trajectory.dipole} label=${text.trajectory.dipoleCurve}
      zero=${false} series=${dipoles.map(({ name, path }) => ({ name, path, values: path.totals }))} />` : null}
    ${energies.map(({ name, path }) => {
      const atoms = followedAtoms(path, selected, MOST_ATOMS);
      const names = atoms.map((atom) => atomName(molecule?.symbols[atom] ?? "", atom));
      return html`<${Curve} key=${name} ...${chart} unit=${shown} signed heading=${text.trajectory.atoms(name)} label=${text.trajectory.atomCurve(name, names.join(", "), shown)}
        series=${atoms.map((atom, k) => ({ name: names[k] ?? "", values: path.contributions.map((row) => toShown((row[atom] ?? 0) - (path.contributions[0]?.[atom] ?? 0), "energy", unit)) }))} />`;
    })}
  </div>`;
}

/**
 * @param {{heading: string, label: string, unit: string, series: {name: string, values: number[], path?: import("../types.js").TrajectoryPath}[], frame: number, at: number,
 *   onPick: (part: number) => void, signed?: boolean, zero?: boolean}} props
 */
function Curve({ heading, label, unit, series, frame, at, onPick, signed = false, zero = true }) {
  const number = (/** @type {number} */ value) => prettyNumber(value, decimals(unit), { sign: signed });
  const all = series.flatMap(({ values }) => values);
  return html`<figure class="trajectory-curve">
    <figcaption>${heading} <span class="muted">${unit}, ${text.trajectory.range(number(Math.min(...all)), number(Math.max(...all)))}</span></figcaption>
    <${CurveChart} series=${series.map((one) => ({ ...one, doubtful: one.path?.grades?.map((grade) => grade === "outside") }))} at=${at} label=${label} onPick=${onPick} zero=${zero} />
    <div class="level-ends muted">${series.map(({ name, values, path }, i) => {
      const grade = path?.grades?.[frame];
      return html`<span key=${name} class=${`series-key series-${i}`}>${name} ${number(values[frame] ?? 0)}${grade && grade !== "inside" ? html` <em>${text.trust.whole[grade]}</em>` : null}</span>`;
    })}</div>
    ${series.some(({ path }) => path?.grades?.includes("outside")) ? html`<p class="muted trajectory-note">${text.trajectory.faint}</p>` : null}
  </figure>`;
}
