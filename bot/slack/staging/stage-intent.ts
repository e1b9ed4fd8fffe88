/** What a form for staging is to show when it opens. */
import { clip } from "../../../shared/messages/message.ts";
import * as z from "zod/mini";
import type { Action } from "../../../shared/domain/staging/change.ts";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { EntityType } from "../../../shared/domain/portfolio/registry.ts";

const source = z.object({
  permalink: z.nullable(z.string()),
  author: z.nullable(z.string()),
  channelId: z.string(),
  threadTs: z.string(),
});

/** What a form keeps from its beginning to its end. */
export const carriedThrough = z.object({
  note: z.nullable(z.string()),
  source: z.nullable(source),
  /** Of the message that it is staged from. */
  quote: z.nullable(z.string()),
  /** Parts of the message that ask for nothing that is understood. Forms of an earlier version have none. */
  notUnderstood: z.optional(z.array(z.string())),
});
export type Carried = z.infer<typeof carriedThrough>;

/** Metadata is JSON of 3,000 characters, of which a control character or half a surrogate pair takes six. */
export const carriedText = (text: string, max: number): string | null =>
  clip(text.replace(/[\p{Cc}\p{Cs}]/gu, " ").trim(), max) || null;

const maxLines = 5;
const lineLength = 100;

/** As many as there is space for, the last of which says how many there are besides. */
export const carriedLines = (texts: readonly string[]): string[] => {
  const shown = texts.length > maxLines ? texts.slice(0, maxLines - 1) : texts;
  const lines = shown.flatMap((text) => carriedText(text, lineLength) ?? []);
  return texts.length > shown.length ? [...lines, `… and ${texts.length - shown.length} more`] : lines;
};

export const nothingCarried: Carried = { note: null, source: null, quote: null };

/** What is left open the person chooses. */
export interface StageIntent {
  entityType: EntityType;
  action: Action;
  /** Id or name. */
  row: string | null;
  /** Names; all when empty. */
  targets: string[];
  /** Shown in place of the row's values. */
  proposed: FieldValues;
  carried: Carried;
}

/** The change that is made more often than any other. */
export const plainIntent: StageIntent = {
  entityType: "technology",
  action: "UPDATE",
  row: null,
  targets: [],
  proposed: {},
  carried: nothingCarried,
};
