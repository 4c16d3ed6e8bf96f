// @ts-check
/** The way to the server: a websocket that comes back by itself, and plain requests where none gets through. */

/**
 * @typedef {"connecting" | "open" | "reconnecting" | "polling" | "offline" | "signed-out" | "refused"} Connection
 * @typedef {object} SocketOptions
 * @property {string} socketPath
 * @property {string} commandsPath
 * @property {string} csrf
 * @property {number} timeScale  every wait is multiplied by it; tests make time short
 * @property {(frame: Frame) => void} onFrame
 * @property {(connection: Connection, words: string) => void} onConnection
 * @property {() => Command} subscription  asked anew each time a connection opens
 */

const CLOSE_RESTART = 4012;
const CLOSE_FULL = 4013;
const CLOSE_SIGNED_OUT = 4401;
const CLOSE_TOO_MANY = 4429;

const PING_MS = 15_000;
const PONG_MS = 10_000;
const DOUBT_MS = 3_000;
const ACK_MS = 1_000;
const POLL_MS = 1_000;
const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 15_000;
const TRIES_BEFORE_POLLING = 3;

const bytesOf = new TextEncoder();

export class TalkSocket {
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Connection} */ #connection = "connecting";
  /** @type {Set<ReturnType<typeof setTimeout>>} */ #timers = new Set();
  #received = 0;
  #acknowledged = 0;
  #failures = 0;
  #heard = 0;
  #words = "";
  #over = false;
  #polls = 0;

  /** @param {SocketOptions} options */
  constructor(options) {
    this.options = options;
  }

  get connection() {
    return this.#connection;
  }

  open() {
    if (this.#over) return;
    this.#clear();
    this.#drop();
    const address = new URL(this.options.socketPath, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#received = this.#acknowledged = 0;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => socket === this.#socket && this.#receive(String(event.data));
    socket.onclose = (event) => socket === this.#socket && this.#closed(event.code);
  }

  /** Leave, and come back with `open`: the page is put away (or into the browser's memory of pages). */
  pause() {
    this.#clear();
    this.#drop();
  }

  /** There is nothing to come back to. */
  leave() {
    this.#drop();
    this.#end("refused");
  }

  /** The page is looked at again: ask what was missed, or come back at once. */
  wake() {
    if (this.#over) return;
    if (this.#socket?.readyState === WebSocket.OPEN) this.send(this.options.subscription());
    else if (this.#socket?.readyState !== WebSocket.CONNECTING) this.open();
  }

  /** Something is said to be wrong with the way: find out now, and sooner than otherwise. */
  doubt() {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#beat(DOUBT_MS);
  }

  /** @param {Command} command @returns {boolean} whether it is on its way */
  send(command) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(command));
      return true;
    }
    if (this.#connection !== "polling") return false;
    void this.#post(command).then(() => this.#post(this.options.subscription()));
    return true;
  }

  /** @param {WebSocket} socket */
  #opened(socket) {
    if (socket !== this.#socket) return;
    this.#polls += 1;
    this.#heard = performance.now();
    this.send(this.options.subscription());
    this.#say("open");
    this.#every(PING_MS, () => this.#beat());
    this.#every(ACK_MS, () => this.#acknowledge());
  }

  /** @param {string} text */
  #receive(text) {
    this.#received += bytesOf.encode(text).length;
    this.#heard = performance.now();
    // Only now: something between here and the server may open sockets and let nothing through.
    this.#failures = 0;
    const frame = /** @type {Frame} */ (JSON.parse(text));
    if (frame.type === "bye") this.#words = frame.message;
    this.options.onFrame(frame);
  }

  /** Ask for a sign of life. @param {number} patience in milliseconds */
  #beat(patience = PONG_MS) {
    const asked = performance.now();
    this.send({ type: "ping" });
    this.#after(patience, () => {
      if (this.#heard < asked) this.#closed(0);
    });
  }

  #acknowledge() {
    if (this.#received === this.#acknowledged) return;
    this.#acknowledged = this.#received;
    this.send({ type: "ack", received: this.#received });
  }

  /** @param {number} code */
  #closed(code) {
    this.#clear();
    this.#drop();
    if (code === CLOSE_SIGNED_OUT) return this.#end("signed-out");
    this.#failures += 1;
    if (this.#failures >= TRIES_BEFORE_POLLING && navigator.onLine) this.#poll();
    else if (this.#connection !== "polling") this.#say(navigator.onLine ? "reconnecting" : "offline");
    this.#after(this.#wait(code), () => this.open());
  }

  /** Milliseconds until the next try: doubling, spread over the whole span so that a class does not come at once. */
  #wait(code = 0) {
    if (code === CLOSE_RESTART) return 200 + Math.random() * 1000;
    const slow = code === CLOSE_FULL || code === CLOSE_TOO_MANY ? 4 : 1;
    const span = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * slow * 2 ** this.#failures);
    return 100 + Math.random() * span;
  }

  /** No socket gets through: the same commands as plain requests, while the socket is tried now and then. */
  #poll() {
    if (this.#connection === "polling") return;
    this.#say("polling");
    void this.#pollOn((this.#polls += 1));
  }

  /** @param {number} round */
  async #pollOn(round) {
    while (round === this.#polls && !this.#over) {
      await this.#post(this.options.subscription());
      await new Promise((done) => setTimeout(done, POLL_MS * this.options.timeScale));
    }
  }

  /** @param {Command} command */
  async #post(command) {
    try {
      const answer = await fetch(this.options.commandsPath, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.options.csrf, Accept: "application/json" },
        body: JSON.stringify(command),
        redirect: "manual",
      });
      await this.#answered(answer);
    } catch {
      if (this.#connection === "polling") this.#lost();
    }
  }

  /** @param {Response} answer */
  async #answered(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401) return this.#end("signed-out");
    if (answer.status === 403 || answer.status === 404) return this.#end("refused");
    if (!answer.ok) return this.#lost();
    const { frames } = /** @type {{frames: Frame[]}} */ (await answer.json());
    for (const frame of frames) this.options.onFrame(frame);
  }

  #lost() {
    this.#polls += 1;
    this.#say(navigator.onLine ? "reconnecting" : "offline");
  }

  /** @param {"signed-out" | "refused"} how */
  #end(how) {
    this.#over = true;
    this.#clear();
    this.#say(how);
  }

  /** @param {Connection} connection */
  #say(connection) {
    this.#connection = connection;
    this.options.onConnection(connection, this.#words);
    this.#words = "";
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close();
  }

  /** @param {number} ms @param {() => void} act */
  #after(ms, act) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms * this.options.timeScale);
    this.#timers.add(timer);
  }

  /** @param {number} ms @param {() => void} act */
  #every(ms, act) {
    this.#after(ms, () => {
      act();
      this.#every(ms, act);
    });
  }

  #clear() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
