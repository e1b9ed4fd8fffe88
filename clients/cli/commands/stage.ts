import { readStageWords } from "../../../shared/domain/staging/stage-input.ts";
import { refusalMessage } from "../../../shared/messages/en/refusals.ts";
import { notAskedMessage } from "../../../shared/messages/en/staging.ts";
import { similarRowsMessage } from "../../../shared/messages/en/similar-rows.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { WrongUsage } from "../arguments.ts";
import type { Command } from "../command.ts";
import { diffLines, overlapLines } from "../lines.ts";

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
    out.show(await named(staged), ({ meta: { notAsked, similar, overlaps }, ...change }) => [
      `Staged as change ${change.number} for ${change.targets.join(", ")}:`,
      ...diffLines(change, out.paint),
      ...(notAsked.length > 0 ? [out.paint("yellow", plainText(notAskedMessage(change, notAsked)))] : []),
      ...(similar.length > 0 ? [out.paint("yellow", plainText(similarRowsMessage(change.entityType, similar)))] : []),
      ...overlapLines({ overlaps }, out.paint),
    ]);
  },
};
