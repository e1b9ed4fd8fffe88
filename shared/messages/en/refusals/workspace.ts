import type { SignInRefusal } from "../../../domain/workspace/sign-in.ts";
import { code, message, person } from "../../message.ts";
import type { RefusalMessages } from "../../refusals.ts";
import { allOf, commas, plural, withArticle } from "../grammar.ts";
import { example, hint, unknownName } from "./phrases.ts";

const becauseOfSignIn = {
  declined: "You have not allowed it at Slack, so nobody is signed in.",
  expired: "The sign-in took longer than ten minutes, or began in another browser. Begin it again.",
  not_valid:
    "Slack's answer to the sign-in is not valid here. Begin it again; if it stays so, ask whoever runs CV Ops.",
  not_installed: "CV Ops is not installed in the workspace that you chose at Slack. Sign in to the one that has it.",
  left: "Your account is not active in this workspace of Slack.",
} satisfies Record<SignInRefusal, string>;

export const workspaceRefusals = {
  last_admin: {
    title: "Last admin",
    detail: ({ userId }) =>
      message`${person(userId)} is the last admin, and a workspace needs one. Make somebody else an admin first.${hint({ to: "give_role", role: "admin" }, "makes one")}`,
  },
  own_erasure: {
    title: "Own erasure",
    detail: () => message`Nobody erases themselves: ask another admin to do it.`,
  },
  approvals_out_of_range: {
    title: "Approvals out of range",
    detail: ({ min, max }) => message`A commit needs ${min} to ${max} approvals.${example({ to: "set_approvals" })}`,
  },
  solo_mode_one_approval: {
    title: "One approval in solo mode",
    detail: () =>
      message`In solo mode a commit needs one approval, as there may be nobody else. Choose team mode first.${hint({ to: "team_mode" }, "chooses it")}`,
  },
  solo_mode_one_approver: {
    title: "Solo mode with several approvers",
    detail: ({ approvers }) =>
      message`Solo mode is for one person who may approve, and these may: ${allOf(approvers.map(person))}. They can review each other's commits in team mode.${hint({ to: "give_role", role: "editor" }, "takes the role away")}`,
  },
  token_name_required: {
    title: "Token name required",
    detail: ({ maxLength }) =>
      message`A token needs a name of 1 to ${maxLength} characters that says what it is for.${example({ to: "create_token" })}`,
  },
  scopes_required: {
    title: "Scopes required",
    detail: ({ allowed }) => message`A token needs at least one scope: ${commas(allowed.map((scope) => code(scope)))}.`,
  },
  unknown_scope: {
    title: "Unknown scope",
    detail: (refusal) => message`There is no scope ${code(refusal.typed, 40)}.${unknownName("Scopes", refusal)}`,
  },
  scope_exceeds_role: {
    title: "Scope exceeds the role",
    detail: ({ scope, role }) =>
      message`You are ${withArticle(role)}, so a token of yours could do nothing with the scope ${code(scope)}.`,
  },
  token_lifetime_out_of_range: {
    title: "Token lifetime out of range",
    detail: ({ min, max }) => message`A token is valid for ${min} to ${max} days.${example({ to: "token_lifetime" })}`,
  },
  too_many_tokens: {
    title: "Too many tokens",
    detail: ({ max }) =>
      message`You have ${plural(max, "token")}, the maximum. Revoke one first.${hint({ to: "tokens" }, "lists them")}`,
  },
  token_not_found: {
    title: "Token not found",
    detail: ({ number }) => message`You have no token ${number}.${hint({ to: "tokens" }, "lists them")}`,
  },
  login_not_found: {
    title: "Sign-in not found",
    detail: ({ typed }) =>
      message`The code ${code(typed, 40)} is of no sign-in that can be confirmed: a code is valid for ten minutes, and once. Run ${code("cv login")} again for a new one.`,
  },
  login_unavailable: {
    title: "No portal to sign in",
    detail: () =>
      message`Nobody can sign in to a portal here, where they would confirm it. Make a token with ${code("/cv tokens new")} in Slack, and give it to ${code("cv login --with-token")}.`,
  },
  sign_in_refused: {
    title: "Sign-in refused",
    detail: ({ because }) => message`${becauseOfSignIn[because]}`,
  },
  token_inactive: {
    title: "Token inactive",
    detail: ({ number, state }) => message`Token ${number} is ${state} already.`,
  },
} satisfies Partial<RefusalMessages>;
