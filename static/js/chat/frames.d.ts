// The frames of the talk as the browser sees them. tests/chat/test_frames.py holds them against tutor/chat/protocol.py.
type ReplyStateName = "queued" | "loading" | "running" | "done" | "stopped" | "interrupted" | "failed";
type ReplyAction = "stop" | "retry" | "resume" | "report" | "reported" | "copy";

interface ReplyFrame {
  type: "reply";
  reply: string;
  turn: string;
  attempt: number;
  epoch: number;
  seq: number;
  state: ReplyStateName;
  text: string;
  html: string | null;
  error: string;
  can: ReplyAction[];
  place: number | null;
  seconds: number | null;
}
interface TurnFrame {
  type: "turn";
  conversation: string;
  turn: string;
  ordinal: number;
  client_id: string | null;
  text: string;
  reply: ReplyFrame;
}
interface DeltaFrame {
  type: "delta";
  reply: string;
  epoch: number;
  after: number;
  seq: number;
  text: string;
}
interface ProgressFrame {
  type: "progress";
  reply: string;
  epoch: number;
  state: ReplyStateName;
  reading: boolean;
  place: number | null;
  seconds: number | null;
}
interface SubscribedFrame {
  type: "subscribed";
  conversation: string;
  model: string;
  guided: boolean;
  busy: boolean;
  switched_from: string;
}
interface AcceptedFrame {
  type: "accepted";
  client_id: string;
  turn: string;
}
interface RefusedFrame {
  type: "refused";
  code: string;
  message: string;
  client_id: string | null;
}
interface PongFrame {
  type: "pong";
}
interface ByeFrame {
  type: "bye";
  code: number;
  message: string;
}
type Frame =
  | ReplyFrame
  | TurnFrame
  | DeltaFrame
  | ProgressFrame
  | SubscribedFrame
  | AcceptedFrame
  | RefusedFrame
  | PongFrame
  | ByeFrame;

type Command =
  | { type: "subscribe"; conversation: string; after: number }
  | { type: "send"; conversation: string; client_id: string; text: string }
  | { type: "stop" | "retry" | "resume"; reply: string }
  | { type: "ack"; received: number }
  | { type: "ping" };

// Django's JavaScriptCatalog.
declare function gettext(words: string): string;
declare function ngettext(one: string, many: string, count: number): string;
declare function interpolate(words: string, values: Record<string, unknown>, named: true): string;

interface HTMLElement {
  showPopover(): void;
  hidePopover(): void;
}
