// @ts-check
/** The view follows the bottom while the reader is there, and lets them read in peace elsewhere. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Follow } from "../../../static/js/chat/follow.js";

/** A view of 100 pixels on something that grows. */
function opened(height = 100) {
  /** @type {Record<string, () => void>} */
  const on = {};
  const listen = (/** @type {string} */ name, /** @type {() => void} */ act) => (on[name] = act);
  const scroller = { scrollTop: 0, scrollHeight: height, clientHeight: 100, addEventListener: listen };
  const below = { hidden: true, addEventListener: listen };
  globalThis.ResizeObserver = /** @type {any} */ (
    class {
      /** @param {() => void} act */
      constructor(act) {
        on["grow"] = act;
      }
      observe() {}
    }
  );
  const follow = new Follow(/** @type {any} */ (scroller), /** @type {any} */ ({}), /** @type {any} */ (below));
  const grow = (/** @type {number} */ by) => {
    scroller.scrollHeight += by;
    on["grow"]?.();
  };
  const scroll = (/** @type {number} */ top) => {
    scroller.scrollTop = top;
    on["scroll"]?.();
  };
  return { follow, scroller, below, grow, scroll, press: () => on["click"]?.() };
}

test("it follows what grows", () => {
  const { scroller, grow, below } = opened();
  grow(300);
  assert.deepEqual([scroller.scrollTop, below.hidden], [400, true]);
});

test("whoever reads above is left in peace, and told of words below", () => {
  const { scroller, grow, scroll, below, press } = opened(500);
  scroll(100);
  grow(300);
  assert.deepEqual([scroller.scrollTop, below.hidden], [100, false]);
  press();
  assert.deepEqual([scroller.scrollTop, below.hidden], [800, true]);
});

test("near the bottom is at the bottom", () => {
  const { scroller, grow, scroll, below } = opened(500);
  scroll(340);
  grow(50);
  assert.deepEqual([scroller.scrollTop, below.hidden], [550, true]);
});

test("what is put in above moves nothing that is being read", () => {
  const { follow, scroller, scroll } = opened(500);
  scroll(50);
  follow.steady(() => (scroller.scrollHeight += 1000));
  assert.equal(scroller.scrollTop, 1050);
});
