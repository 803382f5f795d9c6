/** Ticking: what goes on at the pace of the clock, as a way that is played; where pictures take longer than a step, some are passed over. */

/** @returns {{start: (pace: number, step: (ticks: number) => boolean) => void, stop: () => void}} */
export function createTicker() {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  return {
    stop,
    /**
     * @param {number} pace ms
     * @param {(ticks: number) => boolean} step asked with the steps since the beginning, 1 or more; whether it goes on
     */
    start(pace, step) {
      stop();
      const began = performance.now();
      const tick = () => {
        if (step(Math.max(1, Math.floor((performance.now() - began) / pace)))) timer = window.setTimeout(tick, pace);
      };
      timer = window.setTimeout(tick, pace);
    },
  };
}
