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
/** Seconds after which a busy server is asked again, at least and at most. */
const WAIT_S = Object.freeze({ least: 5, most: 60 });

/**
 * @param {Store} store
 * @param {{alive: () => Promise<boolean>}} api
 */
export function createProblems(store, api) {
  /** @type {(() => void) | null} */
  let unfinished = null;
  let watching = false;

  async function watchConnection() {
    if (watching) return;
    watching = true;
    while (store.get().offline) {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      if (store.get().offline && (await api.alive())) recovered();
    }
    watching = false;
  }

  function recovered() {
    const again = unfinished;
    unfinished = null;
    store.set({ offline: false, alert: null });
    again?.();
  }

  /** Asks a busy server again, unless something else was said or asked meanwhile. @param {Alert} alert */
  function goOn(alert) {
    if (store.get().alert !== alert) return;
    store.set({ alert: null });
    alert.retry?.();
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
     * @param {() => void} retry
     */
    report(error, place, retry) {
      if (isAbort(error)) return;
      if (!(error instanceof ApiError)) {
        store.set({ busy: null, alert: unexpected(error) });
        return;
      }
      const temporary = error.offline || error.status === 429 || error.status >= 500;
      const seconds = error.busy ? Math.min(WAIT_S.most, Math.max(WAIT_S.least, error.wait)) : null;
      const hint = seconds === null ? (text.errors.gone[error.code] ?? error.hint) : text.connection.busy(seconds);
      /** @type {Alert} */
      const alert = { ...error.problem, hint, place, retry: temporary ? retry : null };
      store.set({ busy: null, offline: error.offline, alert });
      if (seconds !== null) setTimeout(() => goOn(alert), 1000 * seconds);
      if (error.offline) {
        unfinished = retry;
        watchConnection().catch((failure) => store.set({ alert: unexpected(failure) }));
      }
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
