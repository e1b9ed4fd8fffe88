/** What is said of an exchange: pure, for the inspector's list and its filter. */
import type { Exchange } from "../../client-protocol.ts";

/** Slack gives up waiting for an acknowledgement after this. */
export const ackLimitMs = 3_000;
/** From here on it is near enough to be said. */
const nearLimitMs = 2_000;

export interface AckWords {
  text: string;
  level: "good" | "near" | "late" | "failed";
}

export const ackWords = ({ direction, status, ackMs, error }: Exchange): AckWords => {
  if (direction === "from_bot") {
    const answered = error === null || error === "" ? String(status ?? "") : `${status ?? ""} ${error}`;
    return { text: answered, level: error === null ? "good" : "failed" };
  }
  if (status === null)
    return {
      text: ackMs >= ackLimitMs ? "no ack within 3 s" : "not reached",
      level: ackMs >= ackLimitMs ? "late" : "failed",
    };
  if (ackMs > ackLimitMs) return { text: `ack ${ackMs} ms, too late`, level: "late" };
  if (error !== null) return { text: `ack ${ackMs} ms, ${error}`, level: "failed" };
  if (ackMs > nearLimitMs) return { text: `ack ${ackMs} ms, close to 3 s`, level: "near" };
  return { text: `ack ${ackMs} ms`, level: "good" };
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textAt = (value: unknown, ...path: (string | number)[]): string => {
  let at: unknown = value;
  for (const step of path) {
    if (typeof step === "number") at = Array.isArray(at) ? at[step] : undefined;
    else at = isRecord(at) ? at[step] : undefined;
  }
  return typeof at === "string" ? at : "";
};

/** The part of a payload by which it differs from others of its kind. */
export const gistOf = ({ kind, payload }: Exchange): string => {
  switch (kind) {
    case "slash_command":
      return `${textAt(payload, "command")} ${textAt(payload, "text")}`.trim();
    case "block_actions":
      return textAt(payload, "actions", 0, "text", "text") || textAt(payload, "actions", 0, "action_id");
    case "block_suggestion":
      return textAt(payload, "value");
    case "view_submission":
    case "view_closed":
      return textAt(payload, "view", "title", "text");
    case "shortcut":
    case "message_action":
      return textAt(payload, "callback_id");
    case "event_callback":
      return textAt(payload, "event", "type");
    case "views.open":
    case "views.push":
    case "views.update":
      return textAt(payload, "view", "title", "text");
    default:
      return textAt(payload, "text") || textAt(payload, "user_id") || textAt(payload, "user");
  }
};

/** Kinds in the order of the alphabet, Slack's own payloads before the bot's calls. */
export const kindsOf = (exchanges: readonly Exchange[]): { direction: Exchange["direction"]; kind: string }[] => {
  const seen = new Map(exchanges.map(({ direction, kind }) => [`${direction} ${kind}`, { direction, kind }]));
  return [...seen.values()].toSorted(
    (one, other) => other.direction.localeCompare(one.direction) || one.kind.localeCompare(other.kind),
  );
};

/** JSON with indentation; text that is no JSON as it is. */
export const prettyJson = (value: unknown): string => {
  if (typeof value !== "string") return JSON.stringify(value, null, 2) ?? "";
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
};
