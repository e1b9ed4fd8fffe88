import type { ApiEvent } from "../../../shared/contract/event.ts";

export type EventTone = "good" | "bad" | "busy" | "plain";

/** How good or bad it is. */
export const eventTone = ({ type, data }: ApiEvent): EventTone => {
  switch (type) {
    case "commit.approved":
    case "job.completed":
    case "job.searchable":
    case "target.back":
    case "dead_letter.resolved":
      return "good";
    case "job.verified":
      return data["synced"] === false ? "bad" : "good";
    case "commit.rejected":
    case "job.failed":
    case "job.timeout":
    case "target.down":
    case "dead_letter.kept":
    case "workspace.disconnected":
      return "bad";
    case "push.started":
    case "push.retried":
    case "job.dispatched":
    case "job.accepted":
    case "job.progress":
      return "busy";
    default:
      return "plain";
  }
};
