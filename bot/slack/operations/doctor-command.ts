import type { Finding } from "../../../shared/domain/operations/checks.ts";
import { verdictMessage } from "../../../shared/messages/en/findings.ts";
import { findingMessage, remedyMessage } from "../../../shared/messages/en/operations.ts";
import { runDoctor } from "../../../shared/use-cases/operations/run-doctor.ts";
import { actions, blocksOf, header, lines, listSections } from "../blocks/blocks.ts";
import { code, literal } from "../blocks/text.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { type Reply, answer } from "../core/reply.ts";

export const doctor: Command = {
  name: "doctor",
  usage: "",
  summary: "Looks for what is wrong with the bot, its Slack app and its targets, and says what to do about it.",
  examples: ["/cv doctor"],
  permission: "settings",
  run: async ({ ctx, args: { positionals } }) => {
    const [extra] = positionals;
    if (extra !== undefined) return usageOf(doctor, `${code(extra, 40)} is too much.`);
    return answer(runDoctor(ctx, ctx.examine), doctorReply);
  },
};

const icons = { true: ":white_check_mark:", false: ":x:", null: ":grey_question:" } as const;

/** What is wrong comes first. */
const order = ({ ok }: Finding): number => [false, null, true].indexOf(ok);

const doctorReply = (findings: readonly Finding[]): Reply => {
  const isRewound = findings.some(({ check, ok }) => ok === false && check.endsWith("_has_jobs"));
  const verdict = verdictMessage(findings);
  const said = findings
    .toSorted((a, b) => order(a) - order(b))
    .map((finding) => {
      const remedy = remedyMessage(finding);
      return lines(`${icons[`${finding.ok}`]} ${literal(findingMessage(finding))}`, remedy !== null && `→ ${remedy}`);
    });
  return {
    text: verdict,
    blocks: blocksOf(
      header(verdict),
      listSections(said),
      isRewound && actions(commandButton("do", "Reconcile the targets", "reconcile", { style: "primary" })),
    ),
    again: "doctor",
  };
};
