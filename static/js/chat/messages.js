// @ts-check
/** States in words. Pure: from what is known to a sentence. */

import { OPEN_STATES } from "./transcript.js";

/** @import { Reply, ReplyAction } from "./transcript.js" @import { Connection } from "./socket.js" */

/**
 * The one line above the composer.
 * @param {Reply | null} reply the last one
 * @param {Connection} connection
 * @param {number} readingSeconds how long the model has been taking in the prompt
 * @returns {string}
 */
export function statusMessage(reply, connection, readingSeconds) {
  const trouble = connectionMessage(connection);
  if (trouble) return trouble;
  if (!reply) return "";
  if (OPEN_STATES.has(reply.state)) return openMessage(reply, readingSeconds);
  if (reply.state === "stopped") return gettext("Stopped.");
  if (reply.state === "interrupted") return gettext("Interrupted. Continue?");
  if (reply.state === "failed") return gettext("No answer came. Try again?");
  return reply.error === "length" ? gettext("Cut off. Continue?") : "";
}

/**
 * The same to be read out: no seconds, which would tick, and nothing of an ending, whose own words are read out.
 * @param {Reply | null} reply @param {Connection} connection
 */
export function spokenStatus(reply, connection) {
  const open = reply && OPEN_STATES.has(reply.state);
  return connection === "connecting" ? "" : statusMessage(open ? { ...reply, seconds: null } : null, connection, 0);
}

/** How sure a correction is. @param {"sure" | "possible" | "place"} certainty */
export function certaintyMessage(certainty) {
  if (certainty === "sure") return gettext("sure");
  return certainty === "possible" ? gettext("possible") : gettext("look here again");
}

/** Where help comes from. @param {"dictionary" | "correction" | "authored" | "model"} source */
export function sourceMessage(source) {
  return {
    dictionary: gettext("from the word list"),
    correction: gettext("found by rules"),
    authored: gettext("written beforehand"),
    model: gettext("made by the model"),
  }[source];
}

/** @param {Connection} connection */
function connectionMessage(connection) {
  switch (connection) {
    case "connecting":
      return gettext("Connecting…");
    case "reconnecting":
      return gettext("Reconnecting… Nothing is lost.");
    case "offline":
      return gettext("You are offline. What you write stays here.");
    case "signed-out":
      return gettext("You are signed out.");
    case "refused":
      return gettext("This conversation cannot be opened any more.");
    default:
      return "";
  }
}

/** What was asked for cannot be said to the server just now. @param {"stop" | "retry" | "resume"} asked */
export function waitingMessage(asked) {
  return {
    stop: gettext("No connection just now. The tutor is told to stop when it is back."),
    retry: gettext("No connection just now. The tutor tries again when it is back."),
    resume: gettext("No connection just now. The tutor goes on when it is back."),
  }[asked];
}

/** @param {Reply} reply @param {number} readingSeconds */
function openMessage(reply, readingSeconds) {
  if (reply.state === "queued") return queueMessage(reply.position, reply.seconds);
  if (reply.state === "loading") return gettext("Loading the model…");
  if (isReading(reply)) {
    if (readingSeconds < 1) return gettext("Reading…");
    return interpolate(gettext("Reading… %(seconds)s s"), { seconds: readingSeconds }, true);
  }
  return reply.error === "not_saved" ? gettext("Writing… not saved yet") : gettext("Writing…");
}

/** Running without a word yet: the model takes in what was said so far. @param {Reply} reply */
export function isReading(reply) {
  return reply.state === "running" && (reply.prompt_evaluation || !reply.text);
}

/** @param {number | null} position 1 is next @param {number | null} seconds */
function queueMessage(position, seconds) {
  if (position === null) return gettext("Waiting…");
  const values = { position, seconds };
  if (seconds === null) {
    return position === 1 ? gettext("You are next") : interpolate(gettext("Number %(position)s in line"), values, true);
  }
  const words = position === 1 ? gettext("You are next, about %(seconds)s s") : gettext("Number %(position)s in line, about %(seconds)s s");
  return interpolate(words, values, true);
}

/** What stands under a reply that did not end well: what happened, what is safe. @param {Reply} reply */
export function endingMessage(reply) {
  if (reply.state === "stopped") return gettext("You stopped here.");
  if (reply.state === "done") return flawMessage(reply.error);
  if (reply.state !== "interrupted" && reply.state !== "failed") return "";
  const kept = reply.text ? gettext("The words so far are kept.") : gettext("Your message is kept.");
  return `${faultMessage(reply.error)} ${kept}`;
}

/** A reply that is whole as it stands, and yet not as it should be. @param {string} code */
function flawMessage(code) {
  switch (code) {
    case "length":
      return gettext("The reply reached its longest length and is cut off here. It can be continued.");
    case "repetition":
      return gettext("The model began to repeat itself and was stopped here.");
    case "wrong_language":
      return gettext("This reply is not in the language that you are learning. You can try again.");
    default:
      return "";
  }
}

/** @param {string} code as in tutor/live/outcomes.py */
function faultMessage(code) {
  switch (code) {
    case "offline":
    case "cut_off":
      return gettext("The engine that runs the model does not answer.");
    case "message_too_long":
      return gettext("Your message is too long for this model. Please send it in two parts.");
    case "only_thought":
      return gettext("The model thought, but said nothing.");
    case "model_missing":
      return gettext("The model of this conversation is not installed any more.");
    case "slow_start":
      return gettext("The model did not begin in time.");
    case "stalled":
      return gettext("The model stopped in the middle.");
    case "too_long":
      return gettext("The reply became too long, or took longer than ten minutes.");
    case "engine_busy":
      return gettext("Too many people are waiting for the model.");
    case "model_crashed":
      return gettext("The model's process ended, perhaps for want of memory.");
    case "out_of_memory":
      return gettext("The computer has not enough memory for this model.");
    case "cannot_load":
      return gettext("The engine cannot load this model.");
    case "refused":
      return gettext("The engine refused the request.");
    case "engine_error":
      return gettext("The engine reported a fault of its own.");
    case "protocol":
    case "unreadable":
      return gettext("The model answered with something that is not a reply.");
    case "not_saved":
      return gettext("The reply could not be stored.");
    default:
      return gettext("The reply was interrupted.");
  }
}

/** @param {ReplyAction} action */
export function actionLabel(action) {
  return {
    stop: gettext("Stop"),
    retry: gettext("Try again"),
    resume: gettext("Continue"),
    copy: gettext("Copy"),
    report: gettext("Report"),
    reported: gettext("Reported"),
    readings: gettext("Readings"),
  }[action];
}
