/** Steps as what is typed after `/cv` in Slack and after `cv` in a shell. */
import { type Step, type Steps, stepIn } from "./step.ts";

const numbered =
  (command: string) =>
  ({ number }: { number: number }): string =>
    `${command} ${number}`;

const commands: Steps = {
  command: ({ command }) => command,
  repeat: null,
  authorize: null,
  choose_workspace: null,
  stage: "stage update technology python-1 experience_years=8",
  update_row: ({ entityType }) => `stage update ${entityType} <id> name="New name"`,
  staged: "staged",
  unstage: numbered("unstage"),
  unstage_all: "unstage all",
  edit: ({ number }) => `edit ${number} name="New name"`,
  commit: 'commit -m "Skill updates"',
  commit_only: ({ numbers }) => `commit --only ${numbers.join(",")}`,
  accept_edits: ({ seen }) => `--accept-edits ${seen}`,
  commits: "commits",
  show: numbered("show"),
  review: numbered("review"),
  checks: numbered("why"),
  reopen: numbered("reopen"),
  drop: numbered("drop"),
  resolve: numbered("resolve"),
  push: ({ number }) => `push ${number} all`,
  push_status: numbered("status"),
  retry: numbered("retry"),
  cancel: numbered("cancel"),
  search: "search Python",
  give_role: ({ role }) => `roles @person ${role}`,
  solo_mode: "settings mode solo",
  team_mode: "settings mode team",
  set_approvals: "settings approvals 2",
  tokens: "tokens",
  create_token: "tokens new CI",
  token_lifetime: "tokens new CI --days 90",
  dead_letters: "dead-letters --all",
  dead_letter: numbered("dead-letters show"),
  discard_dead_letter: ({ number }) => `dead-letters discard ${number} <reason>`,
  discard_reason: ({ number }) => `dead-letters discard ${number} pushed again since`,
  webhooks: "webhooks",
  enable_webhook: numbered("webhooks enable"),
  rotate_webhook: numbered("webhooks rotate"),
  revoke_token: numbered("tokens revoke"),
  webhook_failures: "webhooks failures <number>",
  replay_since: "--since 2h",
  overlap: "--overlap 24",
  events: "--events job.*,commit.approved",
};

export const commandOf = (step: Step): string | null => stepIn(commands, step);

/** Options stand after a command, and are no command themselves. */
export const isOption = (command: string): boolean => command.startsWith("--");
