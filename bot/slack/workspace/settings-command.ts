import { type Settings, modes } from "../../../shared/storage/workspace/workspaces.ts";
import { type Reply, refuse, say } from "../core/reply.ts";
import { type SettingsSet, setSettings } from "../../../shared/use-cases/workspace/set-settings.ts";
import { type ShownSettings, showSettings } from "../../../shared/use-cases/workspace/show-settings.ts";
import { commandButton } from "../buttons/command-button.ts";
import { actions, context, header, section } from "../blocks/blocks.ts";
import { settingsView } from "./settings-modal.ts";
import { anyOf, channelLink, plural, quoted } from "../blocks/text.ts";
import { type Command, type CommandCall, usageOf } from "../core/commands/command.ts";

export const settings: Command = {
  name: "settings",
  usage: "[change | mode solo|team | approvals <number> | channel #channel|here|none]",
  summary: "Shows how the workspace works; admins choose who has to approve, how many, and where cards go.",
  examples: [
    "/cv settings",
    "/cv settings change",
    "/cv settings mode team",
    "/cv settings approvals 2",
    "/cv settings channel here",
  ],
  role: "viewer",
  options: [],
  run: async (call) => {
    const { ctx, args, announce, openModal } = call;
    const [setting, value, tooMuch] = args.positionals;
    if (setting === undefined || setting.toLowerCase() === "change") {
      const shown = await showSettings(ctx);
      if (!shown.ok) return refuse(shown.reason);
      if (setting === undefined || !shown.value.mayChange) return shownReply(shown.value);
      await openModal(settingsView(shown.value.settings));
      return null;
    }
    const read = Object.hasOwn(settingReaders, setting.toLowerCase())
      ? settingReaders[setting.toLowerCase()]
      : undefined;
    if (!read) return usageOf(settings, `There is no setting \`${quoted(setting, 40)}\`.`);
    if (tooMuch !== undefined) return usageOf(settings, `\`${quoted(tooMuch, 40)}\` is too much.`);
    const wanted = read(value, call);
    if (typeof wanted === "string") return usageOf(settings, wanted);
    const set = await setSettings(ctx, wanted);
    if (!set.ok) return refuse(set.reason);
    announce(ctx.workspaceId);
    return settingsReply(set.value);
  },
};

/** What to set, or what is wrong with what was typed. */
type SettingReader = (typed: string | undefined, call: Pick<CommandCall, "channelId">) => Partial<Settings> | string;

const settingReaders: Record<string, SettingReader> = {
  mode: (typed) => {
    const mode = modes.find((each) => each === typed?.toLowerCase());
    if (mode) return { mode };
    return typed ? `\`${quoted(typed, 40)}\` is not a mode.` : "Say which mode.";
  },
  approvals: (typed) => {
    if (typed === undefined) return "Say how many approvals a commit needs.";
    return /^\d{1,4}$/.test(typed) ? { approvalsNeeded: Number(typed) } : `\`${quoted(typed, 40)}\` is not a number.`;
  },
  channel: (typed, { channelId }) => {
    if (typed === undefined) return "Say which channel: write `#` and choose it, or `here`, or `none`.";
    if (typed.toLowerCase() === "none") return { channelId: null };
    const isHere = typed.toLowerCase() === "here";
    const chosen = isHere ? (channelId ?? "") : typed;
    if (/^[CG][A-Z0-9]{6,}$/.test(chosen)) return { channelId: chosen };
    return isHere
      ? "Cards go to a channel, and this is not one: type this in the channel that you mean."
      : `\`${quoted(typed, 40)}\` is the name of a channel. Write \`#\` and choose it from the list that Slack shows, or type \`here\` in it.`;
  },
};

const modeWords = {
  team: "Team mode: somebody other than the author has to approve each commit.",
  solo: "Solo mode: authors with the role of approver may approve their own commits, after a confirmation.",
} as const satisfies Record<Settings["mode"], string>;

const approvalWords = ({ approvalsNeeded }: Settings): string =>
  `A commit needs ${plural(approvalsNeeded, "approval")}.`;

const channelWords = ({ channelId }: Settings): string =>
  channelId === null ? "Cards go to the channel in which a command is used." : `Cards go to ${channelLink(channelId)}.`;

/** With fewer people than approvals no commit can ever be approved. */
const warning = ({ approvalsNeeded }: Settings, mayApprove: readonly string[]): string | null =>
  mayApprove.length >= approvalsNeeded
    ? null
    : `:warning: Only ${mayApprove.length === 1 ? "1 person" : `${mayApprove.length} people`} may approve (${anyOf(mayApprove)}), so no commit can get ${plural(approvalsNeeded, "approval")}. \`/cv roles @person approver\` makes somebody else an approver.`;

export const settingsReply = ({ before, after, approved, mayApprove }: SettingsSet): Reply => {
  const words = [
    ...(before.mode === after.mode ? [] : [modeWords[after.mode]]),
    ...(before.approvalsNeeded === after.approvalsNeeded ? [] : [approvalWords(after)]),
    ...(before.channelId === after.channelId ? [] : [channelWords(after)]),
  ];
  if (words.length === 0) return say("It is set so already. `/cv settings` shows all of it.");
  const numbers = approved.map((number) => `*#${number}*`).join(", ");
  const lines = [
    words.join(" "),
    ...(approved.length > 0 ? [`Approved by it, as they have enough approvals now: ${numbers}.`] : []),
    warning(after, mayApprove) ?? "",
  ];
  return say(lines.filter((line) => line !== "").join("\n"));
};

const shownReply = ({ settings: shown, mayApprove, mayChange }: ShownSettings): Reply => {
  const lines = [modeWords[shown.mode], approvalWords(shown), channelWords(shown)];
  const warn = warning(shown, mayApprove);
  return {
    text: lines.join(" "),
    blocks: [
      header("Settings"),
      section([...lines.map((line) => `•  ${line}`), ...(warn ? [warn] : [])].join("\n")),
      ...(mayChange
        ? [
            actions(
              commandButton("go", "Change…", "settings change"),
              commandButton("go", "Roles", "roles"),
              commandButton("go", "Undelivered messages", "dead-letters"),
            ),
          ]
        : []),
      context(
        mayChange
          ? "Change them with `/cv settings mode solo|team`, `/cv settings approvals 2`, `/cv settings channel #channel|here|none`"
          : "Admins change them. `/cv roles` shows who that is.",
      ),
    ],
    again: "settings",
  };
};
