/** Chooses what of one's staged changes goes into a commit, and says what it does. */
import * as z from "zod/mini";
import type { Change } from "../../../shared/domain/staging/change.ts";
import { createCommit, maxMessageLength } from "../../../shared/use-cases/commits/create-commit.ts";
import { summaryOfChange } from "../../../shared/domain/staging/summary.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Refusal } from "../../../shared/contract/refusals.ts";
import { stagingDesk } from "../../../shared/use-cases/staging/staging-desk.ts";
import type { RequestContext } from "../core/request-context.ts";
import { context } from "../blocks/blocks.ts";
import { refuse } from "../core/reply.ts";
import { cardPlaceText } from "../components/card-place.ts";
import { committedReply } from "./commit-reply.ts";
import { checkboxes, input, option, textInput } from "../core/modals/inputs.ts";
import { type Modal, type SubmitAnswer, formView } from "../core/modals/modal.ts";
import { listIn, textIn } from "../core/modals/values.ts";

const metadata = z.object({ channelId: z.nullable(z.string()), acceptEdits: z.optional(z.string()) });

/** Slack's checkboxes take ten options, so more changes are several inputs. */
const perInput = 10;
const inputIds = (count: number): string[] =>
  Array.from({ length: Math.ceil(count / perInput) }, (_, index) => `changes:${index}`);
/** What a form's metadata and blocks have space for; the rest stays staged. */
const maxChanges = 300;

const leftOutText = (count: number): string =>
  `${plural(count, "more change")} ${count === 1 ? "does" : "do"} not fit into this form, and ${count === 1 ? "stays" : "stay"} staged. \`/cv commit -m "…"\` takes all of them.`;

/** @param changes the person's own staged changes, at least one */
export const commitView = (changes: readonly Change[], channelId: string | null, acceptEdits?: string) => {
  const shown = changes.slice(0, maxChanges);
  const inputs = inputIds(shown.length).map((id, index) => {
    const part = shown.slice(index * perInput, (index + 1) * perInput);
    const options = part.map((change) =>
      option(`${change.number}  ${summaryOfChange(change, changes)}`, String(change.number)),
    );
    const label = index === 0 ? "Changes" : `Changes from ${part[0]?.number ?? ""}`;
    return input(
      { id, label, optional: true },
      checkboxes(
        options,
        part.map(({ number }) => String(number)),
      ),
    );
  });
  return formView({
    name: "commit",
    title: "Commit",
    submit: "Commit",
    // A digest; what was typed may be longer than a form can carry, and is none then.
    metadata: { channelId, acceptEdits: acceptEdits?.slice(0, 64) },
    blocks: [
      input(
        {
          id: "message",
          label: "What does it do?",
          hint: `A few words, such as "Skill updates"; at most ${maxMessageLength} characters.`,
        },
        textInput({ maxLength: maxMessageLength, placeholder: "Skill updates" }),
      ),
      ...inputs,
      ...(changes.length > maxChanges ? [context(leftOutText(changes.length - maxChanges))] : []),
      input(
        { id: "draft", label: "Review", optional: true },
        checkboxes([option("Keep it as a draft: do not ask for review yet", "draft")], []),
      ),
    ],
  });
};

export const commitModal: Modal = {
  name: "commit",
  submit: async ({ ctx, values, metadata: carried }) => {
    const { channelId, acceptEdits = null } = metadata.parse(carried);
    const only = Object.keys(values)
      .filter((id) => id.startsWith("changes:"))
      .flatMap((id) => listIn(values, id))
      .map(Number);
    const message = textIn(values, "message");
    if (message === "") return { errors: { message: "Say in a few words what the commit does." } };
    if (only.length === 0) return { errors: { "changes:0": "Choose at least one change." } };
    const draft = listIn(values, "draft").length > 0;
    const created = await createCommit(ctx, { message, draft, channelId, only, acceptEdits });
    if (created.ok) return committedReply(created.value, await cardPlaceText(ctx, created.value.channelId));
    return created.reason.code === "edited_by_others"
      ? askAboutEdits(ctx, created.reason, channelId)
      : refuse(created.reason);
  },
};

/** The same form below what others have edited: submitting it again confirms that. */
const askAboutEdits = async (
  ctx: RequestContext,
  refusal: Refusal<"edited_by_others">,
  channelId: string | null,
): Promise<SubmitAnswer> => {
  const desk = await stagingDesk({ ...ctx, idempotencyKey: null });
  if (!desk.ok) return refuse(desk.reason);
  const below = refuse(refusal);
  return desk.value.own.length === 0 ? below : { redrawn: commitView(desk.value.own, channelId, refusal.seen), below };
};
