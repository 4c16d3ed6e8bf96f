// @ts-check
/** What was asked of a reply and has not happened yet. It outlives a connection that breaks, and is never asked twice. */

import { OPEN_STATES } from "./transcript.js";
import { waitingWords } from "./words.js";

/**
 * @typedef {import("./transcript.js").Transcript} Transcript
 * @typedef {{type: "stop" | "retry" | "resume", reply: string}} Asked
 * @typedef {object} Errands
 * @property {(command: Asked) => boolean} send  whether it is on its way
 * @property {(words: string) => void} say
 */

export class Wish {
  /** @type {Asked & {epoch: number} | null} */ #asked = null;
  #sent = false;
  #told = false;

  /** @param {Errands} errands */
  constructor(errands) {
    this.errands = errands;
  }

  /** Send it now, or as soon as the connection is back. @param {Asked} asked @param {Transcript} transcript */
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
    if (this.#asked) this.#sent = this.errands.send({ type: this.#asked.type, reply: this.#asked.reply });
  }

  /** @param {Asked["type"]} type */
  #tell(type) {
    this.#told = true;
    this.errands.say(waitingWords(type));
  }

  #untell() {
    if (this.#told) this.errands.say("");
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
