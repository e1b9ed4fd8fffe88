/** Makes an API token, and shows it once. */
import { newToken } from "../../../shared/api-token.ts";
import { type Role, type Scope, scopesOf } from "../../../shared/domain/workspace/roles.ts";
import { maxTokenName, tokenLife } from "../../../shared/domain/workspace/token.ts";
import { createToken } from "../../../shared/use-cases/workspace/create-token.ts";
import { refuse } from "../core/reply.ts";
import { tokenCreatedReply } from "./tokens-reply.ts";
import { checkboxes, input, numberInput, option, textInput } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { listIn, textIn } from "../core/modals/values.ts";

/** What each scope is for, in a line that an option has space for. */
const scopeLabels: Record<Scope, string> = {
  read: "Read: changes, commits, pushes, events, search",
  stage: "Stage: stage and commit changes, drop your own",
  review: "Review: approve and reject commits",
  push: "Push: push, retry, cancel, verify, reindex",
  admin: "Admin: settings, roles, and what belongs to others",
};

/** @param role of its owner: a scope of which they may do nothing is not offered */
export const tokenView = (role: Role) =>
  formView({
    name: "token",
    title: "New API token",
    submit: "Make it",
    blocks: [
      input(
        { id: "name", label: "What is it for?", hint: "The log names it beside you." },
        textInput({ placeholder: "CI of the portfolio", maxLength: maxTokenName }),
      ),
      input(
        { id: "scopes", label: "What may it do?", hint: "As little as it needs. It can never do more than you." },
        checkboxes(
          scopesOf(role).map((scope) => option(scopeLabels[scope], scope)),
          ["read"],
        ),
      ),
      input(
        { id: "days", label: "For how many days?", hint: `${tokenLife.min} to ${tokenLife.max}.` },
        numberInput(false, { min: tokenLife.min, max: tokenLife.max, initial: tokenLife.usual }),
      ),
    ],
  });

export const tokenModal: Modal = {
  name: "token",
  submit: async ({ ctx, values }) => {
    const secret = newToken();
    const created = await createToken(ctx, {
      name: textIn(values, "name"),
      scopes: listIn(values, "scopes"),
      days: Number(textIn(values, "days")),
      secret,
    });
    if (created.ok) return tokenCreatedReply(created.value);
    const { reason } = created;
    switch (reason.code) {
      case "token_name_required":
        return { errors: { name: `Say it in 1 to ${reason.maxLength} characters.` }, code: reason.code };
      case "scopes_required":
        return { errors: { scopes: "Choose at least one." }, code: reason.code };
      case "token_lifetime_out_of_range":
        return { errors: { days: `A whole number from ${reason.min} to ${reason.max}.` }, code: reason.code };
      default:
        return refuse(reason);
    }
  },
};
