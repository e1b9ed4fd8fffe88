/** How people go on after a message. Each medium shows a step as its command, its request or its link. */
import type { Role } from "../domain/workspace/roles.ts";

type Numbered =
  | "show"
  | "review"
  | "checks"
  | "reopen"
  | "drop"
  | "resolve"
  | "push"
  | "push_status"
  | "retry"
  | "cancel"
  | "unstage"
  | "edit"
  | "dead_letter"
  | "discard_dead_letter"
  | "discard_reason"
  | "enable_webhook"
  | "rotate_webhook"
  | "revoke_token";

type Plain =
  | "repeat"
  | "authorize"
  | "choose_workspace"
  | "staged"
  | "stage"
  | "unstage_all"
  | "commit"
  | "commits"
  | "solo_mode"
  | "team_mode"
  | "set_approvals"
  | "search"
  | "tokens"
  | "create_token"
  | "token_lifetime"
  | "dead_letters"
  | "webhooks"
  | "webhook_failures"
  | "replay_since"
  | "overlap"
  | "events";

export type Step =
  | { [To in Plain]: { to: To } }[Plain]
  | { [To in Numbered]: { to: To; number: number } }[Numbered]
  /** Typed after `/cv`. */
  | { to: "command"; command: string }
  | { to: "give_role"; role: Role }
  | { to: "update_row"; entityType: string }
  | { to: "commit_only"; numbers: readonly number[] }
  /** Confirms what others have edited. */
  | { to: "accept_edits"; seen: string };

type StepTo<To extends Step["to"]> = Extract<Step, { to: To }>;

/** How a medium shows every step; null for one that it does not have. */
export type Steps = {
  readonly [To in Step["to"]]: string | null | ((step: StepTo<To>) => string);
};

/** The entry of a step takes that step, which TypeScript cannot follow through the union. */
export const stepIn = (steps: Steps, step: Step): string | null => {
  const shown = steps[step.to] as string | null | ((step: Step) => string);
  return typeof shown === "function" ? shown(step) : shown;
};
