// @ts-check
/** What somebody typed and has not sent yet, kept in this browser per person and conversation. */

const PREFIX = "polyglott:draft:";

/**
 * @typedef {{text: string, clientId: string, sent: string}} Draft  `sent` is what went out under `clientId` and has no answer yet
 */

export class DraftBox {
  /** @param {string} person @param {string} conversation */
  constructor(person, conversation) {
    this.key = `${PREFIX}${person}:${conversation}`;
  }

  /** @returns {Draft | null} */
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
      return kept && typeof kept.text === "string" ? { text: kept.text, clientId: kept.clientId ?? "", sent: kept.sent ?? "" } : null;
    } catch {
      return null;
    }
  }

  /** @param {Draft} draft */
  write(draft) {
    try {
      if (draft.text) localStorage.setItem(this.key, JSON.stringify(draft));
      else localStorage.removeItem(this.key);
    } catch {
      // A browser that keeps nothing: the words still stand in the composer.
    }
  }
}
