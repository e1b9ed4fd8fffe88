/** The workspace's settings, and what of them was changed. */
import { plural } from "../../../shared/messages/en/grammar.ts";
import type { Settings } from "../../../shared/domain/workspace/settings.ts";
import { type Reply, say } from "../core/reply.ts";
import type { SettingsSet } from "../../../shared/use-cases/workspace/set-settings.ts";
import type { ShownSettings } from "../../../shared/use-cases/workspace/show-settings.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { actions, blocksOf, context, header, lines, present, section } from "../blocks/blocks.ts";
import { anyOf, channelLink } from "../blocks/text.ts";

const modeTexts = {
  team: "Team mode: somebody other than the author has to approve each commit.",
  solo: "Solo mode: authors with the role of approver may approve their own commits, after a confirmation.",
} as const satisfies Record<Settings["mode"], string>;

const approvalText = ({ approvalsNeeded }: Settings): string =>
  `A commit needs ${plural(approvalsNeeded, "approval")}.`;

const channelText = ({ channelId }: Settings): string =>
  channelId === null ? "Cards go to the channel in which a command is used." : `Cards go to ${channelLink(channelId)}.`;

/** With fewer people than approvals no commit can ever be approved. */
const warning = ({ approvalsNeeded }: Settings, mayApprove: readonly string[]): string | false =>
  mayApprove.length < approvalsNeeded &&
  `:warning: Only ${mayApprove.length === 1 ? "1 person" : `${mayApprove.length} people`} may approve (${anyOf(mayApprove)}), so no commit can get ${plural(approvalsNeeded, "approval")}. \`/cv roles @person approver\` makes somebody else an approver.`;

export const settingsReply = ({ before, after, approved, returned, mayApprove }: SettingsSet): Reply => {
  const words = present<string>([
    before.mode !== after.mode && modeTexts[after.mode],
    before.approvalsNeeded !== after.approvalsNeeded && approvalText(after),
    before.channelId !== after.channelId && channelText(after),
  ]);
  if (words.length === 0) return say("No change: the settings have these values. `/cv settings` shows all of them.");
  const list = (numbers: readonly number[]): string => numbers.map((number) => `*#${number}*`).join(", ");
  return say(
    lines(
      words.join(" "),
      approved.length > 0 && `Approved by it, as they have enough approvals now: ${list(approved)}.`,
      returned.length > 0 && `In review again, as they need more approvals now: ${list(returned)}.`,
      warning(after, mayApprove),
    ),
  );
};

export const shownReply = ({ settings: shown, mayApprove, mayChange }: ShownSettings): Reply => {
  const texts = [modeTexts[shown.mode], approvalText(shown), channelText(shown)];
  return {
    text: texts.join(" "),
    blocks: blocksOf(
      header("Settings"),
      section(
        lines(
          texts.map((text) => `•  ${text}`),
          warning(shown, mayApprove),
        ),
      ),
      mayChange &&
        actions(
          commandButton("go", "Change…", "settings change"),
          commandButton("go", "Roles", "roles"),
          commandButton("go", "Setup", "setup"),
          commandButton("go", "Undelivered messages", "dead-letters"),
        ),
      context(
        mayChange
          ? "Change them with `/cv settings mode solo|team`, `/cv settings approvals 2`, `/cv settings channel #channel|here|none`"
          : "Admins change them. `/cv roles` shows who that is.",
      ),
    ),
    again: "settings",
  };
};
