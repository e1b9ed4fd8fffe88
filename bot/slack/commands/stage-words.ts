/** What was typed after `stage`: a whole change, the beginning of one that a form completes, or a slip. */
import { type Action, actions } from "../../../shared/domain/change.ts";
import { closest } from "../../../shared/domain/closest.ts";
import { entityTypes, isEntityType } from "../../../shared/domain/entities/registry.ts";
import type { StageInput, StageReason } from "../../../shared/verbs/stage-change.ts";
import { type StageWish, carriedText, nothingCarried, plainWish } from "../modals/stage-wish.ts";
import { quoted } from "../text.ts";
import type { Arguments } from "./grammar.ts";

export type StageWords =
  | { kind: "whole"; input: StageInput }
  | { kind: "begun"; wish: StageWish }
  /** In mrkdwn. */
  | { kind: "slip"; missing: string }
  | { kind: "refused"; reason: StageReason };

/** What a form has room for; lists show no more of a summary either. */
const carriedSummary = 300;

const actionOf = (word: string): Action | null =>
  actions.find((action) => action.toLowerCase() === word.toLowerCase()) ?? null;

const slip = (missing: string): StageWords => ({ kind: "slip", missing });

export const readStage = ({ positionals, fields, options }: Arguments): StageWords => {
  const [word, type, row, ...tooMany] = positionals;
  const hasFields = Object.keys(fields).length > 0;
  const action = actionOf(word ?? "");
  if (!action && (word !== undefined || hasFields)) return slip(unknownAction(word));
  if (!type && hasFields) return slip("Say the type of the row, such as technology.");
  if (action === "CREATE" && row) {
    return slip(
      `A new row gets its id by itself; \`${quoted(row, 40)}\` is one word too many. Write a name with spaces in quotes.`,
    );
  }
  if (action !== "CREATE" && !row && hasFields) return slip("Say which row, by its id or name.");
  if (tooMany.length > 0) {
    return slip(`\`${quoted(tooMany.join(" "), 60)}\` is too much. Write a value with spaces in quotes.`);
  }
  const entityType = (type ?? plainWish.entityType).toLowerCase();
  const { target, summary } = options;
  const targets = typeof target === "string" ? target.split(",") : [];
  const about = typeof summary === "string" ? summary : null;
  const isWhole = hasFields || (action === "DELETE" && row !== undefined);
  if (action && isWhole) {
    return {
      kind: "whole",
      input: { action, entityType, row: row ?? null, values: fields, targets, summary: about, source: null },
    };
  }
  if (!isEntityType(entityType)) {
    const suggestion = closest(entityType, entityTypes);
    return {
      kind: "refused",
      reason: { code: "unknown_entity_type", typed: entityType, suggestion, known: entityTypes },
    };
  }
  const carried = { ...nothingCarried, summary: about === null ? null : carriedText(about, carriedSummary) };
  return {
    kind: "begun",
    wish: { ...plainWish, action: action ?? "UPDATE", entityType, row: row ?? null, targets, carried },
  };
};

const unknownAction = (word: string | undefined): string => {
  if (word === undefined) return "Say what to do: create, update or delete.";
  const near = closest(
    word,
    actions.map((each) => each.toLowerCase()),
  );
  return `\`${quoted(word, 40)}\` is not something to do with a row.${near ? ` Did you mean \`${near}\`?` : ""}`;
};
