// @ts-check
/**
 * What somebody typed and has not sent yet, kept in this browser per person and conversation. It is sealed with a key that
 * the server gives to that person's own pages alone, so that it may outlive their session on a device that others use.
 */

import { draftKey } from "../draft-storage.js";
import { chacha20 } from "./chacha20.js";

/**
 * @typedef {{text: string, clientId: string, sent: string, pending: boolean}} Draft  `sent` is what went out under
 *   `clientId`; `pending` while it has no answer
 */

const NONCE_BYTES = 12;

export class DraftBox {
  /** @type {string | null} what stands there, as far as this tab knows */ #known = null;
  #closed = false;

  /** @param {string} person @param {string} conversation @param {string} secret 64 hexadecimal digits */
  constructor(person, conversation, secret) {
    this.key = draftKey(person, conversation);
    this.secret = Uint8Array.from(secret.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  }

  /** @returns {Draft | null} */
  read() {
    try {
      this.#known = localStorage.getItem(this.key);
      const kept = JSON.parse(opened(this.#known ?? "", this.secret));
      if (typeof kept.text !== "string") return null;
      const { text, clientId = "", sent = "", pending = false } = kept;
      return { text, clientId, sent, pending };
    } catch {
      // Nothing there, or sealed with another key.
      return null;
    }
  }

  /** Words of another tab are not removed with one's own. @param {Draft} draft */
  write(draft) {
    if (this.#closed) return;
    try {
      if (draft.text) localStorage.setItem(this.key, (this.#known = sealed(JSON.stringify(draft), this.secret)));
      else if (localStorage.getItem(this.key) === this.#known) localStorage.removeItem(this.key);
    } catch {
      // A browser that keeps nothing: the words still stand in the composer.
    }
  }

  /** Whoever wrote here leaves: nothing is kept any more. */
  close() {
    this.#closed = true;
  }
}

/** @param {string} text @param {Uint8Array} secret @returns {string} version, time in milliseconds, nonce and words */
function sealed(text, secret) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const bytes = chacha20(secret, nonce, new TextEncoder().encode(text));
  return `1.${Date.now()}.${btoa(Array.from([...nonce, ...bytes], (byte) => String.fromCharCode(byte)).join(""))}`;
}

/** @param {string} kept @param {Uint8Array} secret @returns {string} nonsense, if it was another one */
function opened(kept, secret) {
  const [, , base64 = ""] = kept.split(".");
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new TextDecoder().decode(chacha20(secret, bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)));
}
