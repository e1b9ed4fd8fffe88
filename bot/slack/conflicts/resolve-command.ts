import { type Choice, isAbout } from "../../../shared/domain/commits/resolve.ts";
import type { Take } from "../../../shared/domain/commits/conflict.ts";
import { listConflicts } from "../../../shared/use-cases/commits/list-conflicts.ts";
import { resolveConflicts } from "../../../shared/use-cases/commits/resolve-conflicts.ts";
import { code } from "../blocks/text.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { numbered } from "../core/commands/numbered.ts";
import { type Answer, answer, refuse } from "../core/reply.ts";
import type { RequestContext } from "../core/request-context.ts";
import { openResolveForm } from "./resolve-modal.ts";
import { resolvedReply } from "./resolve-reply.ts";

export const resolve: Command = numbered({
  name: "resolve",
  usage: "#commit [mine|theirs] [<row> [<field>…]] [field=value …]",
  summary:
    "Keeps your values, takes theirs or sets others where somebody has changed a commit's rows. Alone, it opens a form.",
  examples: [
    "/cv resolve 1",
    "/cv resolve 1 mine",
    "/cv resolve 1 theirs python-1 level",
    "/cv resolve 1 python-1 level=Expert",
  ],
  permission: "resolve",
  run: async ({ ctx, args, openModal }, number, [word, ...rest]) => {
    const values = Object.entries(args.fields);
    if (word === undefined && values.length === 0) {
      await openResolveForm(ctx, openModal, number);
      return null;
    }
    const take = word === "mine" || word === "theirs" ? word : null;
    const [row, ...fields] = take === null && word !== undefined ? [word, ...rest] : rest;
    if (take !== null && row === undefined && values.length === 0) {
      const choices: Choice[] = [{ row: null, field: null, target: null, take }];
      return answer(resolveConflicts(ctx, { number, choices, seen: null }), resolvedReply);
    }
    if (row === undefined || (take === null && (values.length === 0 || fields.length > 0))) {
      return usageOf(resolve, "Say *mine*, *theirs*, or a row and `field=value`.");
    }
    const named = fields.map((field) => [field.replaceAll("-", "_"), take ?? "mine"] as const);
    const taken: (readonly [string | null, Take])[] = [
      ...(take !== null && fields.length === 0 && values.length === 0 ? [[null, take] as const] : named),
      ...values.map(([field, value]) => [field, { value }] as const),
    ];
    return resolveRow(ctx, number, row, taken);
  },
});

/** A row is named by its id or its name, as the conflicts have it. */
const resolveRow = async (
  ctx: RequestContext,
  number: number,
  typed: string,
  taken: readonly (readonly [string | null, Take])[],
): Promise<Answer> => {
  const listed = await listConflicts(ctx, number);
  if (!listed.ok) return refuse(listed.reason);
  const { conflicts, unanswered, seen } = listed.value;
  const isNamed = (text: string): boolean => text.toLowerCase() === typed.toLowerCase();
  const row = conflicts.find(({ entityId, name }) => entityId === typed || isNamed(name));
  if (!row) {
    if (conflicts.length === 0) return refuse({ code: "no_conflicts", number, unanswered });
    return usageOf(
      resolve,
      `${code(typed, 80)} is not in conflict. Rows in conflict: ${conflicts.map(({ entityId }) => code(entityId, 80)).join(", ")}.`,
    );
  }
  const choices = taken.map(([field, take]): Choice => ({ row, field, target: null, take }));
  const stray = choices.find((choice) => !isAbout(choice, row));
  if (stray) {
    return usageOf(
      resolve,
      `${code(stray.field ?? "", 40)} is not in conflict. Fields in conflict: ${row.fields.map(({ field }) => `\`${field}\``).join(", ")}.`,
    );
  }
  return answer(resolveConflicts(ctx, { number, choices, seen }), resolvedReply);
};
