// @ts-check
/** Goals are said as they are reached. */

import "../catalogue.js";

import assert from "node:assert/strict";
import { test } from "node:test";

import { endOf, reachedMessage } from "../../../static/js/chat/goals.js";

test("several goals of one message are one sentence", () => {
  assert.equal(reachedMessage(["ask the price"]), "Goal reached: ask the price");
  assert.equal(reachedMessage(["ask the price", "say how you pay"]), "Goal reached: ask the price, say how you pay");
});

test("an end is offered where there is one", () => {
  assert.deepEqual([endOf("open", false), endOf("open", true), endOf("reached", false), endOf("reached", true), endOf("over", true)], ["", "asked", "reached", "asked", "over"]);
});
