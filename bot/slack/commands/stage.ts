import { type Action, actions } from "../../../shared/domain/change.ts";
import { closest } from "../../../shared/domain/closest.ts";
import { stageChange } from "../../../shared/verbs/stage-change.ts";
import { changeLine } from "../cards/change-lines.ts";
import { anyOf, plural, quoted } from "../text.ts";
import { context, section } from "../cards/blocks.ts";
import { type Command, refuse, usageOf } from "./command.ts";

const actionOf = (word: string | undefined): Action | null =>
  actions.find((action) => action.toLowerCase() === word?.toLowerCase()) ?? null;

export const stage: Command = {
  name: "stage",
  usage: "create|update|delete <type> [<id>] field=value …",
  summary: "Stages a change: nothing is touched until it is committed, approved and pushed.",
  examples: [
    "/cv stage update technology python-1 experience_years=8",
    "/cv stage create technology name=Rust experience_years=1 category=Backend",
    "/cv stage delete technology jquery-1",
  ],
  role: "editor",
  options: [
    { name: "target", value: "d1cv, ai or both" },
    { name: "summary", value: "a line for the list of changes" },
  ],
  run: async ({ ctx, args, announce }) => {
    const [word, entityType, row, ...tooMany] = args.positionals;
    const action = actionOf(word);
    if (!action) {
      const near = closest(
        word ?? "",
        actions.map((each) => each.toLowerCase()),
      );
      const missing = word
        ? `\`${quoted(word, 40)}\` is not something to do with a row.${near ? ` Did you mean \`${near}\`?` : ""}`
        : "Say what to do: create, update or delete.";
      return usageOf(stage, missing);
    }
    if (!entityType) return usageOf(stage, "Say the type of the row, such as technology.");
    if (action === "CREATE" && row)
      return usageOf(
        stage,
        `A new row gets its id by itself; \`${quoted(row, 40)}\` is one word too many. Write a name with spaces in quotes.`,
      );
    if (action !== "CREATE" && !row) return usageOf(stage, "Say which row, by its id or name.");
    if (tooMany.length > 0)
      return usageOf(stage, `\`${quoted(tooMany.join(" "), 60)}\` is too much. Write a value with spaces in quotes.`);

    const { target, summary } = args.options;
    const staged = await stageChange(ctx, {
      action,
      entityType: entityType.toLowerCase(),
      row: row ?? null,
      values: args.fields,
      targets: typeof target === "string" ? target.split(",") : [],
      summary: typeof summary === "string" ? summary : null,
      source: null,
    });
    if (!staged.ok) return refuse(staged.reason);
    announce(ctx.workspaceId);

    const { change, notAsked, alsoStagedBy } = staged.value;
    const line = `Staged as change ${change.number}:  ${changeLine(change)}`;
    const notes = [
      `For ${change.targets.map((name) => quoted(name)).join(" and ")}  ·  id \`${quoted(change.entityId, 80)}\`  ·  \`/cv staged\` lists all, \`/cv unstage ${change.number}\` takes it back`,
      ...(notAsked.length > 0
        ? [
            `:warning: ${notAsked.map((name) => quoted(name)).join(", ")} did not answer, so the row was not looked at there; the push looks again.`,
          ]
        : []),
      ...(alsoStagedBy.length > 0
        ? [`:warning: ${anyOf(alsoStagedBy)} has staged ${plural(alsoStagedBy.length, "change")} to the same row.`]
        : []),
    ];
    return { text: line, blocks: [section(line), context(...notes)] };
  },
};
