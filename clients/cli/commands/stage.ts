import { readStageWords } from "../../../shared/domain/staging/stage-input.ts";
import { refusalMessage } from "../../../shared/messages/en/refusals.ts";
import { notAskedMessage } from "../../../shared/messages/en/staging.ts";
import { similarRowsMessage } from "../../../shared/messages/en/similar-rows.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { WrongUsage } from "../arguments.ts";
import { changesFrom } from "../by-name.ts";
import type { Command } from "../command.ts";
import { diffLines, overlapLines } from "../lines.ts";
import type { Client } from "../../sdk/index.ts";
import type { Paint } from "../output.ts";

/** The change, and what else there is to know of it. */
const stagedLines = ({ meta, ...change }: Awaited<ReturnType<Client["stageChange"]>>, paint: Paint): string[] => [
  ...diffLines(change, paint),
  ...(meta.notAsked.length > 0 ? [paint("yellow", plainText(notAskedMessage(change, meta.notAsked)))] : []),
  ...(meta.similar.length > 0 ? [paint("yellow", plainText(similarRowsMessage(change.entityType, meta.similar)))] : []),
  ...overlapLines(meta, paint),
];

export const stage: Command = {
  name: "stage",
  usage: "create|update|delete <type> [<id or name>] field=value …",
  summary: "Stages a change. Targets change only after it is committed, approved and pushed.",
  examples: [
    "cv stage update technology python-1 experience_years=8",
    'cv stage create technology name="Rust" experience_years=1 category=Backend',
    "cv stage delete technology jquery-1 --target all",
  ],
  options: [
    { name: "target", value: "all|<target>,…", summary: "targets of the change; all of them by default" },
    { name: "note", value: "text", summary: "your own words about the change" },
  ],
  words: ["create", "update", "delete"],
  takesFields: true,
  maxWords: Number.POSITIVE_INFINITY,
  run: async ({ client, args: { words, fields, options }, out, named }) => {
    const read = readStageWords(words, Object.keys(fields).length > 0);
    if (!read.ok) throw new WrongUsage(plainText(refusalMessage(read.reason)));
    const { action, entityType, row, isWhole } = read.value;
    if (action === null || entityType === null || !isWhole) {
      throw new WrongUsage(
        action === "DELETE" ? plainText(refusalMessage({ code: "row_required" })) : "Say what to set: field=value.",
      );
    }
    const { target, note } = options;
    const staged = await client.stageChange({
      action,
      entityType,
      ...(row !== null && { entityId: row }),
      ...(Object.keys(fields).length > 0 && { payload: fields }),
      ...(typeof target === "string" && { targets: target.split(",") }),
      ...(typeof note === "string" && { note }),
    });
    out.show(await named(staged), (shown) => [
      `Staged as change ${shown.number} for ${shown.targets.join(", ")}:`,
      ...stagedLines(shown, out.paint),
    ]);
  },
};

export const edit: Command = {
  name: "edit",
  usage: "<change> field=value …",
  summary: "Edits a staged change, by its number or by the name of its row. An empty value clears the field.",
  examples: ["cv edit 3 experience_years=9", "cv edit python level=Expert", 'cv edit 3 level= --note "As agreed"'],
  options: [
    { name: "target", value: "all|<target>,…", summary: "other targets" },
    { name: "note", value: "text", summary: "your own words about the change" },
  ],
  takesFields: true,
  maxWords: 1,
  run: async ({ client, args: { words, fields, options }, out, named }) => {
    const [number = 0] = await changesFrom(client, [words[0]]);
    const { target, note } = options;
    const edited = await client.editStaged(
      { number },
      {
        ...(Object.keys(fields).length > 0 && { payload: fields }),
        ...(typeof target === "string" && { targets: target.split(",") }),
        ...(typeof note === "string" && { note: note === "" ? null : note }),
      },
    );
    out.show(await named(edited), (shown) => [`Change ${number} is now:`, ...stagedLines(shown, out.paint)]);
  },
};
