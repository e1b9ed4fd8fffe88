/** Stages the several changes of one message: each is a line that can be changed, as it would be typed. */
import { clip } from "../../../shared/messages/message.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { KnownBlock } from "@slack/types";
import * as z from "zod/mini";
import type { Proposal } from "../../../shared/domain/staging/proposal.ts";
import type { Result } from "../../../shared/result.ts";
import type { StageInput, StageReason, Staged } from "../../../shared/use-cases/staging/stage-change.ts";
import { stageChanges } from "../../../shared/use-cases/staging/stage-changes.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, listSections, section } from "../blocks/blocks.ts";
import type { Reply } from "../core/reply.ts";
import { parseArguments } from "../core/commands/grammar.ts";
import { readStage, stageOptions } from "./stage-input.ts";
import { stagedLine, warnings } from "./staged-reply.ts";
import { notUnderstoodBlocks } from "./stage-form.ts";
import { typedLine } from "./typed-change.ts";
import { refusalText } from "../blocks/mrkdwn.ts";
import { code, escape } from "../blocks/text.ts";
import { input, textInput } from "../core/modals/inputs.ts";
import { type Modal, type SubmitAnswer, type SubmitCall, formView } from "../core/modals/modal.ts";
import { type Carried, carriedThrough } from "./stage-intent.ts";
import { type FormValues, textIn } from "../core/modals/values.ts";

const metadata = z.object({ carried: carriedThrough });

/** Enough for a message; each is checked against the targets while a person waits. */
const maxLines = 20;
const lineLength = 2000;
const lineId = (index: number): string => `line:${index}`;

export const stageLinesView = (
  proposals: readonly Proposal[],
  carried: Carried,
  notUnderstood: readonly string[] = [],
) => {
  const shown = proposals.slice(0, maxLines);
  const left = proposals.length - shown.length;
  const inputs = shown.map((proposal, index): KnownBlock =>
    input(
      { id: lineId(index), label: clip(proposal.line.replace(/\s+/g, " "), 150), optional: true },
      textInput({ initial: typedLine(proposal), maxLength: lineLength }),
    ),
  );
  return formView({
    name: "stage_lines",
    title: "Stage several changes",
    submit: "Stage all",
    metadata: { carried },
    blocks: [
      section(
        `This message seems to ask for ${plural(proposals.length, "change")}. Each is a line as after \`/cv stage\`; empty lines are left out.${
          left > 0 ? ` The last ${left} do not fit here: stage them from the message again.` : ""
        }`,
      ),
      ...inputs,
      ...notUnderstoodBlocks(notUnderstood),
    ],
  });
};

type Line = { id: string; text: string } & ({ input: StageInput } | { error: string });

const submit = async ({ ctx, values, metadata: opened }: SubmitCall): Promise<SubmitAnswer> => {
  const { carried } = metadata.parse(opened);
  const lines = linesOf(values, carried);
  if (lines.length === 0) return { errors: { [lineId(0)]: "Leave at least one line." } };
  const wrong = lines.flatMap((line) => ("error" in line ? [[line.id, line.error] as const] : []));
  const inputs = lines.flatMap((line) => ("input" in line ? [line.input] : []));
  if (wrong.length > 0) return { errors: Object.fromEntries(wrong) };

  const staged = await stageChanges(ctx, inputs);
  return "checked" in staged ? { errors: refusals(lines, staged.checked) } : outcomeReply(lines, staged.recorded);
};

const linesOf = (values: FormValues, { source, note }: Carried): Line[] =>
  Object.keys(values)
    .filter((id) => id.startsWith("line:"))
    .flatMap((id) => {
      const text = textIn(values, id);
      return text === "" ? [] : [{ id, text }];
    })
    .map((line): Line => {
      const read = readLine(line.text);
      return "error" in read
        ? { ...line, ...read }
        : { ...line, input: { ...read.input, source, note: read.input.note ?? note } };
    });

/** One line as `/cv stage` reads it; a form, unlike a command, holds what was typed as it is. */
const readLine = (text: string): { input: StageInput } | { error: string } => {
  const args = parseArguments(escape(text.replace(/^\s*(?:\/cv\s+)?(?:stage\s+)?/i, "")), stageOptions);
  if (!args.ok) return { error: withoutMarkup(refusalText(args.reason)) };
  const words = readStage(args.value);
  switch (words.kind) {
    case "whole":
      return { input: words.input };
    case "begun":
      return { error: "Say what to change: field=value, for example experience_years=8." };
    case "slip":
      return { error: withoutMarkup(words.missing) };
    case "refused":
      return { error: withoutMarkup(refusalText(words.reason)) };
  }
};

/** Texts on inputs know no mrkdwn. */
const withoutMarkup = (markdown: string): string =>
  clip(
    markdown
      .replace(/`/g, "")
      .replace(/\*([^*\n]+)\*/g, "$1")
      .replace(/\n•?\s*/g, " ")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&amp;/g, "&"),
    500,
  );

const refusals = (lines: readonly Line[], checked: readonly Result<unknown, StageReason>[]): Record<string, string> =>
  Object.fromEntries(
    checked.flatMap((result, index) => {
      const id = lines[index]?.id;
      return result.ok || !id || result.reason.code === "duplicate_request"
        ? []
        : [[id, withoutMarkup(refusalText(result.reason))]];
    }),
  );

/** What became of each line; one that somebody's faster change has refused is shown, so that it is not lost. */
const outcomeReply = (lines: readonly Line[], recorded: readonly Result<Staged, StageReason>[]): Reply => {
  const texts = recorded.map((result, index) =>
    result.ok
      ? [`•  ${stagedLine(result.value)}`, ...warnings(result.value)].join("\n")
      : `•  :warning: ${code(lines[index]?.text ?? "", 300)}: ${refusalText(result.reason)}`,
  );
  const numbers = recorded.flatMap((result) => (result.ok ? [result.value.change.number] : []));
  const title = `Staged ${plural(numbers.length, "change")}${numbers.length < recorded.length ? ` of ${recorded.length}` : ""}.`;
  return {
    text: title,
    blocks: [
      section(title),
      ...listSections(texts, 8000),
      actions(
        commandButton("go", "Commit…", "commit"),
        numbers.length > 0 && commandButton("do", "Unstage", `unstage ${numbers.join(" ")}`),
      ),
    ],
  };
};

export const stageLinesModal: Modal = { name: "stage_lines", submit };
