// @ts-check
/**
 * Formulas as models write them, shown as code: `\(…\)` among words, `\[…\]` and `$$…$$` also as blocks. As
 * tutor/conversations/formulas.py has it. A single dollar is money, and words in brackets are words.
 *
 * @typedef {import("./markdown.js").MarkdownToken} MarkdownToken
 * @typedef {{src: string, pos: number, posMax: number, push(type: string, tag: string, nesting: number): MarkdownToken}} InlineState
 * @typedef {{src: string, bMarks: number[], eMarks: number[], tShift: number[], sCount: number[], blkIndent: number, line: number,
 *   env: {growing?: boolean}, isEmpty(line: number): boolean, push(type: string, tag: string, nesting: number): MarkdownToken}} BlockState
 */

const CLOSINGS = new Map([["\\(", "\\)"], ["\\[", "\\]"], ["$$", "$$"]]);
const SIGN = /[\\^_={}<>+*/|\p{Nd}]/u;
const WORD = /\p{L}{3}/u;
// Bounds, so that a text of nothing but openings is not read once for each of them.
const CHARACTERS = 1_000;
const LINES = 20;

/** @param {any} markdown a MarkdownIt. With `env.growing`, a block that has not been closed yet reaches to the end. */
export function showFormulas(markdown) {
  markdown.inline.ruler.before("escape", "formula", inline);
  markdown.block.ruler.before("fence", "formula", block, { alt: ["paragraph", "reference", "blockquote", "list"] });
}

/** @param {InlineState} state @param {boolean} silent */
function inline(state, silent) {
  const close = CLOSINGS.get(state.src.slice(state.pos, state.pos + 2));
  if (!close) return false;
  const start = state.pos + 2;
  const rest = state.src.slice(start, Math.min(state.posMax, start + CHARACTERS));
  const content = rest.slice(0, Math.max(0, rest.indexOf(close)));
  if (!isFormula(content) || (close === "$$" && isMoney(state.src, start, start + content.length))) return false;
  if (!silent) state.push("code_inline", "code", 0).content = content.trim().replace(/\s+/g, " ");
  state.pos = start + content.length + 2;
  return true;
}

/** @param {string} content */
const isFormula = (content) => content.trim() !== "" && (SIGN.test(content) || !WORD.test(content));

/** Whether two dollars between others, or beside a space, are a price and no formula among words. @param {string} text @param {number} start @param {number} end */
const isMoney = (text, start, end) => text[start - 3] === "$" || text[end + 2] === "$" || text.slice(start, end) !== text.slice(start, end).trim();

/** @param {BlockState} state @param {number} start @param {number} end @param {boolean} silent */
function block(state, start, end, silent) {
  const first = lineOf(state, start);
  const close = CLOSINGS.get(first.slice(0, 2));
  if (!close || /^(\\\(|\$\$\$)/.test(first) || at(state.sCount, start) - state.blkIndent >= 4) return false;
  const lines = linesFrom(state, start, end, close);
  const next = start + lines.length;
  const content = contentOf(lines.join("\n").slice(2), close, Boolean(state.env.growing) && next === end);
  if (!isFormula(content)) return false;
  if (silent) return true;
  const token = state.push("code_block", "code", 0);
  token.content = `${content.trim()}\n`;
  token.map = [start, next];
  state.line = next;
  return true;
}

/** All up to the one with the closing, as far as that may be. @param {BlockState} state @param {number} start @param {number} end @param {string} close */
function linesFrom(state, start, end, close) {
  const lines = [lineOf(state, start)];
  while (!lines.at(-1)?.includes(close, lines.length === 1 ? 2 : 0) && lines.length < LINES && goesOn(state, start + lines.length, end)) {
    lines.push(lineOf(state, start + lines.length));
  }
  return lines;
}

/** @param {string} text after the opening @param {string} close @param {boolean} open whether the rest may be still to come */
function contentOf(text, close, open) {
  const place = text.indexOf(close);
  if (place < 0) return open ? text : "";
  return text.slice(place + close.length).trim() ? "" : text.slice(0, place);
}

/** Whether a formula that began above may still end in or after this line. @param {BlockState} state @param {number} line @param {number} end */
const goesOn = (state, line, end) => line < end && !state.isEmpty(line) && at(state.sCount, line) >= state.blkIndent;

/** @param {BlockState} state @param {number} line */
const lineOf = (state, line) => state.src.slice(at(state.bMarks, line) + at(state.tShift, line), at(state.eMarks, line));

/** @param {number[]} numbers @param {number} place */
const at = (numbers, place) => numbers[place] ?? 0;
