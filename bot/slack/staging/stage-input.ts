/** What was typed after `stage`: a whole change, the beginning of one that a form completes, or a slip. */
import { closest } from "../../../shared/domain/closest.ts";
import { entityTypes, isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import { readStageWords } from "../../../shared/domain/staging/stage-input.ts";
import type { StageInput, StageReason } from "../../../shared/use-cases/staging/stage-change.ts";
import { type StageIntent, carriedText, nothingCarried, plainIntent } from "./stage-intent.ts";
import { refusalText } from "../blocks/mrkdwn.ts";
import type { Arguments, OptionSpec } from "../core/commands/grammar.ts";

export type StageWords =
  | { kind: "whole"; input: StageInput }
  | { kind: "begun"; intent: StageIntent }
  /** In mrkdwn. */
  | { kind: "slip"; missing: string }
  | { kind: "refused"; reason: StageReason };

/** Of a change, wherever it is typed. */
export const stageOptions: OptionSpec[] = [
  { name: "target", value: "all, or targets with commas between them" },
  { name: "note", value: "your own words about the change" },
];

/** What a form has space for; lists show no more of a note either. */
const carriedNote = 300;

const slip = (missing: string): StageWords => ({ kind: "slip", missing });

export const readStage = ({ positionals, fields, options }: Arguments): StageWords => {
  const read = readStageWords(positionals, Object.keys(fields).length > 0);
  if (!read.ok) return slip(refusalText(read.reason));
  const { action, row, isWhole } = read.value;
  const entityType = read.value.entityType ?? plainIntent.entityType;
  const { target, note } = options;
  const targets = target?.split(",") ?? [];
  const about = note ?? null;
  if (action && isWhole) {
    const input = { action, entityType, row, values: fields, targets, note: about, source: null };
    return { kind: "whole", input };
  }
  if (!isEntityType(entityType)) {
    const suggestion = closest(entityType, entityTypes);
    const reason = { code: "unknown_entity_type", typed: entityType, suggestion, allowed: entityTypes } as const;
    return { kind: "refused", reason };
  }
  const carried = { ...nothingCarried, note: about === null ? null : carriedText(about, carriedNote) };
  const intent = { ...plainIntent, action: action ?? "UPDATE", entityType, row, targets, carried };
  return { kind: "begun", intent };
};
