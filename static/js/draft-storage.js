// @ts-check
/**
 * Where drafts lie in this browser, and for how long. A session that ended by itself leaves them for whoever had it; who
 * signs out takes them along. They are sealed (chat/drafts.js): what lies here is for nobody else to read.
 */

const PREFIX = "polyglott:draft:";
// Whoever has not come back by then will not: a session lasts as long.
const KEPT_MS = 14 * 24 * 3_600_000;
const SEALED = /^1\.(\d+)\./;

/** @param {string} person @param {string} conversation */
export const draftKey = (person, conversation) => `${PREFIX}${person}:${conversation}`;

/** Remove what is too old, or was written before drafts were sealed. @param {number} now in milliseconds */
export function sweepDrafts(now) {
  removeDrafts((key) => {
    const written = SEALED.exec(localStorage.getItem(key) ?? "")?.[1];
    return written === undefined || Math.abs(now - Number(written)) > KEPT_MS;
  });
}

/** Whoever this is leaves for good. @param {string} person */
export function wipeDrafts(person) {
  removeDrafts((key) => key.startsWith(draftKey(person, "")));
}

/** @returns {boolean} whether anybody left something here */
export function hasDrafts() {
  try {
    return draftKeys().length > 0;
  } catch {
    return false;
  }
}

const draftKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

/** @param {(key: string) => boolean} isOver */
function removeDrafts(isOver) {
  try {
    for (const key of draftKeys()) if (isOver(key)) localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to remove.
  }
}
