/**
 * Problems: how an error becomes a sentence beside the part of the page that it concerns, and how the page
 * goes on by itself when a lost connection is back or a busy server has time.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Alert} Alert
 */
import { ApiError, isAbort } from "../api.js";
import { text } from "../lib/text.js";

const ASK_AGAIN_MS = 3000;
/** Code of the alerts that end when the connection is back. */
const OFFLINE = "offline";
/** Seconds after which a busy server is asked again, at least and at most. */
const WAIT_S = Object.freeze({ least: 5, most: 60 });

/**
 * What could not be done while nobody answered.
 *
 * @typedef {object} Outstanding
 * @property {() => unknown} retry a promise is waited for before the next is done: a link is made of what is shown then
 * @property {string | undefined} of id of the molecule that was shown; undefined: it is done whatever is shown
 */

/**
 * @param {Store} store
 * @param {{alive: () => Promise<boolean>}} api
 */
export function createProblems(store, api) {
  /** by kind, in the order in which they were refused @type {Map<string, Outstanding>} */
  const outstanding = new Map();
  let watching = false;
  let resuming = Promise.resolve();

  async function watchConnection() {
    if (watching) return;
    watching = true;
    try {
      while (store.get().offline) {
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        if (store.get().offline && (await api.alive())) recovered();
      }
    } finally {
      watching = false;
    }
  }

  function watch() {
    store.set({ offline: true });
    watchConnection().catch((failure) => store.set({ alert: unexpected(failure) }));
  }

  function recovered() {
    const shown = store.get().molecule?.id;
    // what was asked of a molecule that somebody has left since is not wanted any more
    const waiting = [...outstanding].filter(([, { of }]) => of === undefined || of === shown);
    outstanding.clear();
    store.set(({ alert }) => ({ offline: false, alert: alert?.code === OFFLINE ? null : alert }));
    resuming = resuming.then(() => resume(waiting));
  }

  /** One after another, as they were asked. @param {[string, Outstanding][]} waiting */
  async function resume(waiting) {
    for (const [kind, one] of waiting) {
      const { offline, alert } = store.get();
      if (offline) {
        if (!outstanding.has(kind)) outstanding.set(kind, one); // lost again meanwhile
      } else if (one.of === undefined || alert?.place !== "molecule") { // else not of what stayed because its successor was refused
        try {
          await one.retry();
        } catch (failure) {
          store.set({ busy: null, alert: unexpected(failure) });
        }
      }
    }
  }

  /**
   * Asks once more, and takes back what was said until it is said again; unless something else was said or asked meanwhile.
   *
   * @param {Alert} alert @param {() => unknown} retry
   */
  function goOn(alert, retry) {
    if (store.get().alert !== alert) return;
    store.set({ alert: null });
    retry();
  }

  /** @param {unknown} error @returns {Alert} what to say of an error that is none of the service's */
  function unexpected(error) {
    console.error(error);
    return { code: "unexpected", message: text.errors.unexpected, hint: text.errors.unexpectedHint, field: null, place: "molecule", retry: null };
  }

  return {
    /**
     * Says what went wrong; requests that a newer one replaced are no problem.
     *
     * @param {unknown} error
     * @param {Alert["place"]} place
     * @param {() => unknown} retry does nothing where it is not wanted any more
     * @param {{kind?: string, of?: string}} [options] `kind`: of several that were refused while nobody answered, the newest of its kind is
     *   done once somebody does; the place where it is absent. `of`: id of the molecule shown without which it is not done
     */
    report(error, place, retry, { kind = place, of } = {}) {
      if (isAbort(error)) return;
      if (!(error instanceof ApiError)) {
        store.set({ busy: null, alert: unexpected(error) });
        return;
      }
      const temporary = error.offline || error.status === 429 || error.status >= 500;
      const seconds = error.busy ? Math.min(WAIT_S.most, Math.max(WAIT_S.least, error.wait)) : null;
      const hint = seconds === null ? (text.errors.gone[error.code] ?? error.hint) : text.connection.busy(seconds);
      /** @type {Alert} */
      const alert = { ...error.problem, hint, place, retry: temporary ? () => goOn(alert, retry) : null };
      store.set({ busy: null, alert });
      if (seconds !== null) setTimeout(() => goOn(alert, retry), 1000 * seconds);
      if (error.offline) {
        outstanding.delete(kind); // the newest is the last
        outstanding.set(kind, { retry, of });
        watch();
      }
    },
    /** Says that nobody answers who could give what a link leads to. @param {Alert["place"]} place */
    stay(place) {
      // what leads on from an alert is not taken away by its click
      if (!store.get().alert?.link) {
        store.set({ alert: { code: OFFLINE, message: text.errors.offline, hint: text.connection.stay, field: null, place, retry: null } });
      }
      watch();
    },
    /** @param {unknown} error of the page itself */
    reportUnexpected(error) {
      store.set({ busy: null, alert: unexpected(error) });
    },
    dismiss() {
      store.set({ alert: null });
    },
  };
}
