/** How far a new workspace is set up, and a button for each step. Its buttons are those of other commands. */
import type { Button, KnownBlock } from "@slack/types";
import { type SetupStep, approversMissing, openSteps } from "../../../shared/domain/workspace/setup.ts";
import { setupTexts as texts } from "../../../shared/messages/en/setup.ts";
import type { ShownSetup } from "../../../shared/use-cases/workspace/show-setup.ts";
import { actions, blocksOf, context, header, lines, section } from "../blocks/blocks.ts";
import { anyOf, channelLink, code } from "../blocks/text.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import type { Reply } from "../core/reply.ts";

const peopleOf = (ids: readonly string[]): string => anyOf(ids);

const approvalText = (setup: ShownSetup): string => {
  const { settings, mayApprove } = setup;
  if (settings.mode === "solo") return texts.solo;
  const missing = approversMissing(setup);
  return lines(
    texts.team(settings.approvalsNeeded, peopleOf(mayApprove)),
    missing > 0 && `:warning: ${texts.approversMissing(missing)}`,
  );
};

const targetsText = ({ targets }: ShownSetup): string =>
  targets.length === 0 ? texts.noTargets : texts.targets(targets.map((name) => code(name)).join(", "));

const channelText = ({ settings: { channelId } }: ShownSetup): string =>
  channelId === null ? texts.noChannel : texts.channel(channelLink(channelId));

/** The first open step has the one button that stands out. */
const buttonsOf = (step: SetupStep, setup: ShownSetup, first: boolean): Button[] => {
  const style = first ? ({ style: "primary" } as const) : {};
  switch (step) {
    case "approval":
      return approversMissing(setup) === 0
        ? [commandButton("go", texts.settings, "settings change")]
        : [
            commandButton("go", texts.roles, "roles give", style),
            ...(setup.mayApprove.length === 1 ? [commandButton("do", texts.workSolo, "settings mode solo")] : []),
          ];
    case "channel":
      return [commandButton("go", texts.chooseChannel, "settings change", style)];
    case "targets":
      return setup.targets.length === 0
        ? [commandButton("go", texts.addTarget, "targets add", style)]
        : [commandButton("go", texts.allTargets, "targets"), commandButton("go", texts.look, "verify")];
  }
};

export const setupReply = (setup: ShownSetup): Reply => {
  const open = openSteps(setup);
  const isDone = open.length === 0;
  const mark = (step: SetupStep): string => (open.includes(step) ? ":white_circle:" : ":white_check_mark:");
  const part = (step: SetupStep, text: string): (KnownBlock | false)[] => [
    section(`${mark(step)} ${text}`),
    setup.mayChange && actions(...buttonsOf(step, setup, step === open[0])),
  ];
  const title = isDone ? texts.doneTitle : texts.title;
  return {
    text: title,
    blocks: blocksOf(
      header(title),
      section(isDone ? texts.doneLead : texts.lead),
      section(`:white_check_mark: ${texts.people(peopleOf(setup.admins))}`),
      setup.mayChange && actions(commandButton("go", texts.roles, "roles give")),
      ...part("approval", approvalText(setup)),
      ...part("channel", channelText(setup)),
      ...part("targets", targetsText(setup)),
      setup.targets.length > 0 && section(texts.base),
      isDone && actions(commandButton("go", texts.stage, "stage", { style: "primary" })),
      !setup.mayChange && context(texts.waits(peopleOf(setup.admins))),
    ),
    again: "setup",
  };
};
