// @ts-check
/** The view follows the bottom while the reader is there, and lets them read in peace elsewhere. */

const NEAR_PX = 64;

export class Follow {
  #following = true;

  /** @param {HTMLElement} scroller @param {HTMLElement} content @param {HTMLButtonElement} below "New words below" */
  constructor(scroller, content, below) {
    this.scroller = scroller;
    this.below = below;
    scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    below.addEventListener("click", () => this.toBottom());
    const watcher = new ResizeObserver(() => this.#grew());
    watcher.observe(content);
    watcher.observe(scroller);
    this.toBottom();
  }

  toBottom() {
    this.#following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.below.hidden = true;
  }

  /** Keeps what is being read where it is while something is put in above it. @param {() => void} change */
  steady(change) {
    const fromBottom = this.scroller.scrollHeight - this.scroller.scrollTop;
    this.#following = false;
    change();
    this.scroller.scrollTop = this.scroller.scrollHeight - fromBottom;
  }

  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#following) this.below.hidden = true;
  }

  #grew() {
    if (this.#following) this.scroller.scrollTop = this.scroller.scrollHeight;
    else if (this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight > NEAR_PX) this.below.hidden = false;
  }
}
