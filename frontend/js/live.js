/**
 * The connection to the service that follows a molecule in motion (docs/http.md, Live). The newest request wins: of those
 * asked while an answer is on its way, the service computes the last alone.
 *
 * @typedef {import("./types.js").LiveAnswer} LiveAnswer
 * @typedef {import("./types.js").LiveRequest} LiveRequest
 *
 * @typedef {object} Listeners
 * @property {(answer: LiveAnswer) => void} onAnswer
 * @property {(problem: ApiError) => void} onProblem
 * @property {() => import("./types.js").Vector[]} atoms where they are now, Å
 */
import { ApiError, offline } from "./api.js";
import { decodeAnswer } from "./lib/live.js";

const PATH = "/api/v1/live";

export class LiveConnection {
  /** @param {Listeners} listeners */
  constructor(listeners) {
    this.listeners = listeners;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.last = 0;
    /** when each request that is unanswered was made @type {Map<number, number>} */
    this.asked = new Map();
    /** @type {string | null} what waits for the connection to open */
    this.waiting = null;
  }

  /** @param {LiveRequest} request */
  ask(request) {
    this.last += 1;
    this.asked.set(this.last, performance.now());
    const message = JSON.stringify({ id: this.last, ...request });
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(message);
    else {
      this.waiting = message;
      if (this.socket?.readyState !== WebSocket.CONNECTING) this.open();
    }
  }

  open() {
    const address = new URL(PATH, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      if (this.waiting) socket.send(this.waiting);
      this.waiting = null;
    });
    socket.addEventListener("message", ({ data }) => this.receive(data));
    socket.addEventListener("close", () => {
      if (this.socket !== socket) return;
      this.socket = null;
      const lost = this.asked.size > 0;
      this.forget();
      if (lost) this.listeners.onProblem(offline());
    });
    this.socket = socket;
  }

  /** @param {ArrayBuffer | string} data */
  receive(data) {
    if (typeof data === "string") {
      const { id, error } = JSON.parse(data);
      if (id === this.last) this.listeners.onProblem(new ApiError({ ...error, status: 400 }));
      return;
    }
    const answer = decodeAnswer(data, this.listeners.atoms());
    const begun = this.asked.get(answer.id);
    // for whoever measures how soon the page follows
    if (begun !== undefined) performance.measure("live", { start: begun, detail: { fine: answer.fine, bytes: data.byteLength } });
    for (const id of this.asked.keys()) if (id <= answer.id) this.asked.delete(id);
    this.listeners.onAnswer(answer);
  }

  /** Answers to what was asked before are of no use any more. */
  forget() {
    this.asked.clear();
    this.waiting = null;
  }

  /** @param {LiveAnswer} answer @returns {boolean} whether nothing was asked after it */
  isNewest({ id }) {
    return id === this.last;
  }
}
