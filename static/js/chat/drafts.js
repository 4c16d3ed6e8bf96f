// @ts-check
/** What somebody typed and has not sent yet, kept in this browser per person and conversation. */

const PREFIX = "polyglott:draft:";

/**
 * @typedef {{text: string, clientId: string, sent: string, pending: boolean}} Draft  `sent` is what went out under
 *   `clientId`; `pending` while it has no answer
 */

export class DraftBox {
  /** @type {string | null} what stands there, as far as this tab knows */ #known = null;
  #closed = false;

  /** @param {string} person @param {string} conversation */
  constructor(person, conversation) {
    this.key = `${PREFIX}${person}:${conversation}`;
  }

  /** @returns {Draft | null} */
  read() {
    try {
      this.#known = localStorage.getItem(this.key);
      const kept = JSON.parse(this.#known ?? "null");
      if (!kept || typeof kept.text !== "string") return null;
      const { text, clientId = "", sent = "", pending = false } = kept;
      return { text, clientId, sent, pending };
    } catch {
      return null;
    }
  }

  /** Words of another tab are not removed with one's own. @param {Draft} draft */
  write(draft) {
    if (this.#closed) return;
    try {
      if (draft.text) localStorage.setItem(this.key, (this.#known = JSON.stringify(draft)));
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
