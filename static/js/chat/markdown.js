// @ts-check
/** Markdown as the server renders it (tutor/conversations/rendering.py), for words that are still growing. */

import MarkdownIt from "../../vendor/markdown-it.js";
import friendlyToCjk from "../../vendor/markdown-it-cjk-friendly.js";
import DOMPurify from "../../vendor/dompurify.js";
import remend from "../../vendor/remend.js";

import { showFormulas } from "./formulas.js";

/** @typedef {{type: string, tag: string, level: number, nesting: number, map: [number, number] | null, content: string,
 *   attrs: [string, string][] | null, children: MarkdownToken[] | null, attrGet(name: string): string | null, attrSet(name: string, value: string): void}} MarkdownToken */

const HOST = /^https?:\/\/(?:[^/?#]*@)?([^/?#:]+)/i;
// The computer that a link's own words name, if they begin with one.
const NAMED = /^\s*(?:https?:\/\/)?([a-z0-9.-]*[a-z0-9])/i;
const ALLOWED = {
  ALLOWED_TAGS: [
    "a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "span", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
  ],
  ALLOWED_ATTR: ["href", "rel", "target", "start", "class", "dir"],
  ALLOWED_URI_REGEXP: /^https?:\/\//i,
  // The values of all others have to be addresses.
  ADD_URI_SAFE_ATTR: ["dir", "rel", "start", "target"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

// Dollars are money, or a formula of ours (formulas.js); of a link that is being written, its words stand there.
const OPEN_MARKS = { katex: false, linkMode: "text-only" };
// What remend leads a picture to that is being written. Of it too, its words stand there: pictures are links here.
const OPEN_PICTURE = /!\[((?:[^[\]]|\[[^\]]*\])*)\]\(streamdown:incomplete-image\)/g;

const markdown = configured();

/** @returns {any} */
function configured() {
  const Markdown = /** @type {any} */ (MarkdownIt);
  const md = new Markdown("commonmark", { html: false, breaks: true }).enable(["table", "strikethrough"]).disable("image");
  md.use(friendlyToCjk);
  md.use(showFormulas);
  md.validateLink = (/** @type {string} */ url) => HOST.test(url);
  md.core.ruler.push("house", (/** @type {{tokens: MarkdownToken[], Token: any}} */ state) => {
    state.tokens.forEach(plainBlock);
    for (const token of state.tokens) if (token.children) token.children = withHosts(token.children, state.Token);
  });
  return md;
}

/** Headings become paragraphs (the page has its own), outer blocks find their own direction, cells lose their style. @param {MarkdownToken} token */
function plainBlock(token) {
  if (token.type === "heading_open") token.attrSet("class", "heading");
  if (token.type.startsWith("heading_")) token.tag = "p";
  if (token.level === 0 && token.nesting === 1) token.attrSet("dir", "auto");
  if (token.attrs) token.attrs = token.attrs.filter(([name]) => name !== "style");
}

/** @param {RegExp} pattern @param {string} text */
const namedIn = (pattern, text) => pattern.exec(text)?.[1]?.toLowerCase() ?? "";

/** Where a link leads is said beside it. @param {MarkdownToken[]} tokens @param {any} Token @returns {MarkdownToken[]} */
function withHosts(tokens, Token) {
  const out = [];
  let host = "";
  let words = "";
  for (const token of tokens) {
    out.push(token);
    words += token.content;
    if (token.type === "link_open") {
      host = namedIn(HOST, token.attrGet("href") ?? "");
      words = "";
      token.attrSet("rel", "noopener noreferrer nofollow");
      token.attrSet("target", "_blank");
    }
    if (token.type === "link_close" && namedIn(NAMED, words) !== host) out.push(...hostNote(host, Token));
  }
  return out;
}

/** @param {string} host @param {any} Token @returns {MarkdownToken[]} */
function hostNote(host, Token) {
  const open = new Token("host_open", "span", 1);
  open.attrSet("class", "host");
  const text = new Token("text", "", 0);
  text.content = ` (${host})`;
  return [open, text, new Token("host_close", "span", -1)];
}

/** @param {string} html @returns {DocumentFragment} with nothing in it that could run or load */
export function safe(html) {
  return DOMPurify.sanitize(html, ALLOWED);
}

/** @param {string} text @param {{growing?: boolean}} [how] whether there is more to come @returns {DocumentFragment} */
export function rendered(text, how = {}) {
  return safe(markdown.render(text, how));
}

/** The text with what is open at its end closed, for a moment. @param {string} text */
function whole(text) {
  const closed = remend(text, OPEN_MARKS);
  return text.search(OPEN_PICTURE) < 0 ? closed.replace(OPEN_PICTURE, "!$1") : closed;
}

/**
 * Grows inside `element`: finished blocks stay as they are, only the last one is rendered anew.
 */
export class GrowingWords {
  #settled = 0;
  #shown = "";
  /** @type {ChildNode[]} */ #tail = [];

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    element.replaceChildren();
  }

  /** @param {string} text all of it so far */
  show(text) {
    if (text === this.#shown) return;
    if (!text.startsWith(this.#shown)) this.#restart();
    this.#shown = text;
    for (const node of this.#tail) node.remove();
    const cut = this.#settled + lastBlockStart(text.slice(this.#settled));
    if (cut > this.#settled) this.element.append(rendered(text.slice(this.#settled, cut)));
    this.#settled = cut;
    const tail = rendered(whole(text.slice(cut)), { growing: true });
    this.#tail = [...tail.childNodes];
    this.element.append(tail);
  }

  #restart() {
    this.#settled = 0;
    this.#tail = [];
    this.element.replaceChildren();
  }
}

/** Where the last top-level block begins: everything before it cannot change any more. @param {string} text */
function lastBlockStart(text) {
  const starts = markdown
    .parse(text, { growing: true })
    .filter((/** @type {MarkdownToken} */ token) => token.level === 0 && token.nesting >= 0 && token.map)
    .map((/** @type {MarkdownToken} */ token) => token.map?.[0] ?? 0);
  let offset = 0;
  for (let line = starts.at(-1) ?? 0; line > 0; line -= 1) offset = text.indexOf("\n", offset) + 1;
  return offset;
}
