import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { Tone } from "../components/state.tsx";

const tones: Partial<Record<ApiEvent["type"], Tone>> = {
  "commit.approved": "good",
  "commit.rejected": "bad",
  "push.started": "busy",
  "push.retried": "busy",
  "job.dispatched": "busy",
  "job.accepted": "busy",
  "job.progress": "busy",
  "job.completed": "good",
  "job.searchable": "good",
  "job.verified": "good",
  "job.failed": "bad",
  "job.timeout": "bad",
  "target.down": "bad",
  "target.back": "good",
  "dead_letter.kept": "bad",
  "dead_letter.resolved": "good",
  "workspace.disconnected": "bad",
};

export const eventTone = ({ type, data }: ApiEvent): Tone =>
  type === "job.verified" && data["synced"] === false ? "bad" : (tones[type] ?? "quiet");
