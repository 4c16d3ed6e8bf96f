// @ts-check
/** Says to screen readers how things stand, and a growing reply in whole sentences, each once, instead of every new word. */

export class Announcer {
  #reply = "";
  #said = 0;
  #state = "";

  /** @param {HTMLElement} status an element with role=status @param {string} language of the tutor's words */
  constructor(status, language) {
    this.status = status;
    this.language = language;
    this.sentences = "Segmenter" in Intl ? new Intl.Segmenter(language, { granularity: "sentence" }) : null;
  }

  /** How things stand, when that has changed. @param {string} words of the page's language */
  state(words) {
    if (words === this.#state) return;
    this.#state = words;
    if (words) this.status.textContent = words;
  }

  /**
   * The last reply as it stands. One that was finished before the page saw it grow is not read out.
   * @param {{reply: string, text: string}} reply @param {boolean} over @param {string} ending how it ended, if not well
   */
  follow({ reply, text }, over, ending) {
    if (over && reply !== this.#reply) return;
    if (reply !== this.#reply) [this.#reply, this.#said] = [reply, 0];
    const spoken = this.#say(text, over);
    if (!over) return;
    this.#reply = "";
    if (!ending) return;
    if (!spoken) this.status.textContent = "";
    this.status.append(` ${ending}`);
  }

  /** @param {string} text all of it so far @param {boolean} over @returns {boolean} whether there was anything new */
  #say(text, over) {
    const end = over ? text.length : this.#lastSentenceEnd(text);
    const words = text.slice(this.#said, end).trim();
    if (!words) return false;
    this.#said = end;
    const inItsLanguage = this.status.ownerDocument.createElement("span");
    inItsLanguage.lang = this.language;
    inItsLanguage.textContent = plain(words);
    this.status.replaceChildren(inItsLanguage);
    return true;
  }

  /** @param {string} text @returns {number} where the last sentence that is surely finished ends */
  #lastSentenceEnd(text) {
    const rest = text.slice(this.#said);
    if (!this.sentences) return this.#said + Math.max(rest.lastIndexOf(". "), rest.lastIndexOf("? "), rest.lastIndexOf("! ")) + 1;
    const pieces = [...this.sentences.segment(rest)];
    return this.#said + (pieces.at(-1)?.index ?? 0);
  }
}

/** Markdown's marks are not words, nor are those around a formula. @param {string} text */
const plain = (text) => text.replace(/\\[()[\]]|\$\$|[*_`#>|~]+/g, "").replace(/\s+/g, " ");
