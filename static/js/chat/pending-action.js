// @ts-check
/** What was asked of a reply and has not happened yet. It outlives a connection that breaks, and is never asked twice. */

import { OPEN_STATES } from "./transcript.js";
import { waitingMessage } from "./messages.js";

/** @import { Transcript } from "./transcript.js" */

/**
 * @typedef {{type: "stop" | "retry" | "resume", reply: string}} Action
 * @typedef {object} Callbacks
 * @property {(command: Action) => boolean} send  whether it is on its way
 * @property {(words: string) => void} say
 */

export class PendingAction {
  /** @type {Action & {epoch: number} | null} */ #asked = null;
  #sent = false;
  #told = false;

  /** @param {Callbacks} callbacks */
  constructor(callbacks) {
    this.callbacks = callbacks;
  }

  /** Send it now, or as soon as the connection is back. @param {Action} action @param {Transcript} transcript */
  ask({ type, reply }, transcript) {
    if (this.#sent && this.#asked?.type === type && this.#asked.reply === reply) return;
    const epoch = replyIn(transcript, reply)?.epoch ?? 0;
    this.#asked = { type, reply, epoch };
    this.#send();
    if (!this.#sent) this.#tell(type);
  }

  /** Another connection, or none: whether anything got through on the last one is not known. */
  doubt() {
    if (this.#asked && this.#sent) this.#tell(this.#asked.type);
    this.#sent = false;
  }

  /** How things stand now is known: what has happened or makes no sense any more is forgotten. @param {Transcript} transcript */
  look(transcript) {
    if (this.#asked && !this.#isOpen(transcript)) this.forget();
  }

  /** All that was missed has been told. @param {Transcript} transcript */
  again(transcript) {
    this.look(transcript);
    if (this.#asked && !this.#sent) this.#send();
    if (this.#sent) this.#untell();
  }

  /** Nothing is waited for any more. */
  forget() {
    this.#asked = null;
    this.#sent = false;
    this.#untell();
  }

  #send() {
    if (this.#asked) this.#sent = this.callbacks.send({ type: this.#asked.type, reply: this.#asked.reply });
  }

  /** @param {Action["type"]} type */
  #tell(type) {
    this.#told = true;
    this.callbacks.say(waitingMessage(type));
  }

  #untell() {
    if (this.#told) this.callbacks.say("");
    this.#told = false;
  }

  /** @param {Transcript} transcript */
  #isOpen(transcript) {
    const reply = this.#asked && replyIn(transcript, this.#asked.reply);
    if (!this.#asked || !reply || reply.epoch !== this.#asked.epoch) return false;
    return this.#asked.type === "stop" ? OPEN_STATES.has(reply.state) : reply.can.includes(this.#asked.type);
  }
}

/** @param {Transcript} transcript @param {string} reply */
const replyIn = (transcript, reply) => transcript.turns.find((turn) => turn.reply.reply === reply)?.reply;
