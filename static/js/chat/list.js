// @ts-check
/** The page that lists and begins conversations: a deletion can be taken back while its bar stands. */

const bar = document.querySelector("[data-undo-s]");
if (bar instanceof HTMLElement) setTimeout(() => bar.remove(), Number(bar.dataset.undoS) * 1000);
