// @ts-check
/** Says a growing reply to screen readers in whole sentences, each once, instead of every new word. */

export class Announcer {
  #reply = "";
  #said = 0;

  /** @param {HTMLElement} status an element with role=status @param {string} language of the tutor's words */
  constructor(status, language) {
    this.status = status;
    this.sentences = "Segmenter" in Intl ? new Intl.Segmenter(language, { granularity: "sentence" }) : null;
  }

  /**
   * The last reply as it stands. One that was finished before the page saw it grow is not read out.
   * @param {{reply: string, text: string}} reply @param {boolean} over @param {string} ending how it ended, if not well
   */
  follow({ reply, text }, over, ending) {
    if (over && reply !== this.#reply) return;
    if (reply !== this.#reply) [this.#reply, this.#said] = [reply, 0];
    this.#say(text, over);
    if (!over) return;
    this.#reply = "";
    if (ending) this.status.textContent += ` ${ending}`;
  }

  /** @param {string} text all of it so far @param {boolean} over */
  #say(text, over) {
    const end = over ? text.length : this.#lastSentenceEnd(text);
    const words = text.slice(this.#said, end).trim();
    if (!words) return;
    this.#said = end;
    this.status.textContent = plain(words);
  }

  /** @param {string} text @returns {number} where the last sentence that is surely finished ends */
  #lastSentenceEnd(text) {
    const rest = text.slice(this.#said);
    if (!this.sentences) return this.#said + Math.max(rest.lastIndexOf(". "), rest.lastIndexOf("? "), rest.lastIndexOf("! ")) + 1;
    const pieces = [...this.sentences.segment(rest)];
    return this.#said + (pieces.at(-1)?.index ?? 0);
  }
}

/** Markdown's marks are not words. @param {string} text */
const plain = (text) => text.replace(/[*_`#>|~]+/g, "").replace(/\s+/g, " ");
