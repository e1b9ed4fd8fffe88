/** Steps as requests of the API. */
import { type Step, type Steps, stepIn } from "../../shared/messages/step.ts";

const of =
  (request: string) =>
  ({ number }: { number: number }): string =>
    request.replace("{number}", String(number));

const requests: Steps = {
  command: null,
  repeat: "the same Idempotency-Key",
  authorize: "Authorization: Bearer <token>",
  choose_workspace: "the header CV-Workspace, or in ?workspace= for a live connection",
  stage: "POST /v2/stage",
  update_row: '"payload": { "name": "New name" }',
  staged: "GET /v2/staged",
  unstage: of("DELETE /v2/staged/{number}"),
  unstage_all: null,
  edit: '"payload", "targets" or "note"',
  commit: '"message": "Skill updates"',
  commit_only: ({ numbers }) => `"changes": [${numbers.join(", ")}]`,
  accept_edits: ({ seen }) => `"acceptEdits": "${seen}"`,
  commits: "GET /v2/commits",
  show: of("GET /v2/commits/{number}"),
  review: of("POST /v2/commits/{number}/review"),
  checks: of("GET /v2/commits/{number}/checks"),
  resolve: of("POST /v2/commits/{number}/resolve"),
  reopen: of("POST /v2/commits/{number}/reopen"),
  drop: of("POST /v2/commits/{number}/drop"),
  push: "POST /v2/push/all",
  push_status: of("GET /v2/commits/{number}/timeline"),
  retry: of("POST /v2/commits/{number}/retry"),
  cancel: of("POST /v2/commits/{number}/cancel"),
  search: "?q=Python",
  give_role: "PUT /v2/roles/{userId}",
  solo_mode: '"mode": "solo"',
  team_mode: '"mode": "team"',
  set_approvals: '"approvalsNeeded": 2',
  tokens: "GET /v2/tokens",
  create_token: "/cv tokens new CI in Slack",
  token_lifetime: null,
  dead_letters: "GET /v2/dead-letters?all=true",
  dead_letter: "GET /v2/dead-letters?all=true",
  discard_dead_letter: of("POST /v2/dead-letters/{number}/discard"),
  discard_reason: '"reason": "Pushed again since"',
  webhooks: "GET /v2/webhooks",
  enable_webhook: of("POST /v2/webhooks/{number}/enable"),
  rotate_webhook: of("POST /v2/webhooks/{number}/rotate"),
  revoke_token: of("DELETE /v2/tokens/{number}"),
  webhook_failures: "GET /v2/webhooks/{number}/deliveries",
  replay_since: '"since": "2026-11-28T09:30:00Z"',
  overlap: '"overlapHours": 24',
  events: '"events": ["job.*", "commit.approved"]',
};

export const requestOf = (step: Step): string | null => stepIn(requests, step);
