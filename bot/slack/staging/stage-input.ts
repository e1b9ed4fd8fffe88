/** What was typed after `stage`: a whole change, the beginning of one that a form completes, or a slip. */
import { closest } from "../../../shared/domain/closest.ts";
import { entityTypes, isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import { type StageSlip, readStageWords } from "../../../shared/domain/staging/stage-input.ts";
import type { StageInput, StageReason } from "../../../shared/use-cases/staging/stage-change.ts";
import { type StageIntent, carriedText, nothingCarried, plainIntent } from "./stage-intent.ts";
import { quoted } from "../blocks/text.ts";
import type { Arguments } from "../core/commands/grammar.ts";

export type StageWords =
  | { kind: "whole"; input: StageInput }
  | { kind: "begun"; intent: StageIntent }
  /** In mrkdwn. */
  | { kind: "slip"; missing: string }
  | { kind: "refused"; reason: StageReason };

/** What a form has room for; lists show no more of a summary either. */
const carriedSummary = 300;

const slip = (missing: string): StageWords => ({ kind: "slip", missing });

export const readStage = ({ positionals, fields, options }: Arguments): StageWords => {
  const read = readStageWords(positionals, Object.keys(fields).length > 0);
  if (!read.ok) return slip(wordsOf(read.reason));
  const { action, row, isWhole } = read.value;
  const entityType = read.value.entityType ?? plainIntent.entityType;
  const { target, summary } = options;
  const targets = typeof target === "string" ? target.split(",") : [];
  const about = typeof summary === "string" ? summary : null;
  if (action && isWhole) {
    return {
      kind: "whole",
      input: { action, entityType, row, values: fields, targets, summary: about, source: null },
    };
  }
  if (!isEntityType(entityType)) {
    const suggestion = closest(entityType, entityTypes);
    return {
      kind: "refused",
      reason: { code: "unknown_entity_type", typed: entityType, suggestion, allowed: entityTypes },
    };
  }
  const carried = { ...nothingCarried, summary: about === null ? null : carriedText(about, carriedSummary) };
  return {
    kind: "begun",
    intent: { ...plainIntent, action: action ?? "UPDATE", entityType, row, targets, carried },
  };
};

/** In mrkdwn. */
const wordsOf = (reason: StageSlip): string => {
  switch (reason.code) {
    case "unknown_action":
      return unknownAction(reason);
    case "type_required":
      return "Say the type of the row, such as technology.";
    case "id_not_allowed":
      return `A new row gets its id by itself; \`${quoted(reason.typed, 40)}\` is one word too many. Write a name with spaces in quotes.`;
    case "row_required":
      return "Say which row, by its id or name.";
    case "too_many_words":
      return `\`${quoted(reason.typed, 60)}\` is too much. Write a value with spaces in quotes.`;
  }
};

const unknownAction = ({ typed, suggestion }: Extract<StageSlip, { code: "unknown_action" }>): string =>
  typed === null
    ? "Say what to do: create, update or delete."
    : `\`${quoted(typed, 40)}\` is not something to do with a row.${suggestion ? ` Did you mean \`${suggestion}\`?` : ""}`;
