/**
 * Frames of a 3Dmol viewer, drawn no more often than they change.
 *
 * 3Dmol draws at once at every change of view or size, and each of its observers draws again: a new molecule came to eight
 * drawings a picture. Here one task comes to one drawing, however many changes it makes, and to none where nothing has
 * changed. Its renderer has no setting for it, so two of the renderer's methods are taken in hand.
 */

/** Compiled shaders by drawing context: viewers share one, and each would compile its own, a tenth of a second on a processor. */
const compiled = new WeakMap();

export class Frames {
  /** @param {any} viewer 3Dmol's */
  constructor(viewer) {
    this.viewer = viewer;
    /** whether what is on the screen is not what should be */
    this.stale = true;
    this.queued = false;
    /** whether there is no room to draw in: a pane that has left the page */
    this.empty = false;
    /** @type {[scene: unknown, camera: {aspect: number}] | null} what was last asked to be drawn */
    this.asked = null;
    /** of the camera, when it was last drawn: the viewer learns of a new size after the renderer */
    this.aspect = NaN;
    /** @type {any} the renderer in hand; the viewer makes another when its context is lost */
    this.renderer = null;
    this.takeInHand();
  }

  takeInHand() {
    const { renderer } = this.viewer;
    if (renderer === this.renderer) return;
    this.renderer = renderer;
    this.stale = true;
    const [render, setSize] = [renderer.render.bind(renderer), renderer.setSize.bind(renderer)];
    let size = "";
    this.draw = render;
    renderer.render = (/** @type {unknown} */ scene, /** @type {{aspect: number}} */ camera) => {
      this.asked = [scene, camera];
      if (camera.aspect !== this.aspect) this.stale = true;
      this.queue();
    };
    renderer.setSize = (/** @type {number} */ width, /** @type {number} */ height) => {
      // what was drawn in another size is drawn again, whether the viewer asks for it or not
      const now = [width, height, renderer._upscale, window.devicePixelRatio].join();
      if (now === size) return;
      size = now;
      this.stale = true;
      this.empty = !(width > 0 && height > 0);
      setSize(width, height);
      this.queue();
    };
    const gl = renderer._gl;
    if (!compiled.has(gl)) compiled.set(gl, { _programs: [], _programs_counter: 0 });
    const shared = compiled.get(gl);
    for (const name of Object.keys(shared)) {
      Object.defineProperty(renderer, name, { get: () => shared[name], set: (value) => Object.assign(shared, { [name]: value }) });
    }
  }

  /** Draws what is to be drawn once the task has ended. */
  queue() {
    if (!this.stale || !this.asked || this.queued) return;
    this.queued = true;
    queueMicrotask(() => this.flush());
  }

  /** Something has changed: the next time the viewer is asked to draw, it does. */
  change() {
    this.takeInHand();
    this.stale = true;
  }

  /** Draws now what is to be drawn. */
  flush() {
    this.queued = false;
    if (!this.stale || !this.asked || this.empty) return;
    this.stale = false;
    this.aspect = this.asked[1].aspect;
    this.draw?.(...this.asked);
  }
}
