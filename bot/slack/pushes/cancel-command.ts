import { type Cancelled, cancelPush } from "../../../shared/use-cases/pushes/cancel-push.ts";
import { lines } from "../blocks/blocks.ts";
import { quoted } from "../blocks/text.ts";
import { answer, say } from "../core/reply.ts";
import { numbered } from "../core/commands/numbered.ts";

export const cancel = numbered({
  name: "cancel",
  usage: "#commit",
  summary: "Cancels a push at every target that has not applied it yet.",
  examples: ["/cv cancel 1"],
  permission: "cancel",
  // Also a refusal may have recorded what a target had applied.
  run: ({ ctx }, number) => answer(cancelPush(ctx, { number }), (cancelled) => say(cancelledText(number, cancelled))),
});

const names = (targets: readonly string[]): string => targets.map((target) => quoted(target)).join(" and ");

const cancelledText = (number: number, { cancelled, applied, unknown }: Cancelled): string =>
  lines(
    `Cancelled commit *#${number}* for ${names(cancelled)}: nothing of it was applied there, and nothing will be.`,
    applied.length > 0 && `It was too late for ${names(applied)}, which had applied it. It stays applied there.`,
    unknown.length > 0
      ? `:warning: ${names(unknown)} gave no answer, so it is unknown whether it was applied there. It is asked again; \`/cv cancel ${number}\` may be repeated.`
      : `\`/cv push ${number}\` sends it again.`,
  );
