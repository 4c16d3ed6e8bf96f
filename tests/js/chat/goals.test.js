// @ts-check
/** Goals are said as they are reached. */

import "../catalogue.js";

import assert from "node:assert/strict";
import { test } from "node:test";

import { reachedMessage } from "../../../static/js/chat/goals.js";

test("several goals of one message are one sentence", () => {
  assert.equal(reachedMessage(["ask the price"]), "Goal reached: ask the price");
  assert.equal(reachedMessage(["ask the price", "say how you pay"]), "Goal reached: ask the price, say how you pay");
});
