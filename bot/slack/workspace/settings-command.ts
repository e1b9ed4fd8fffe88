import { type Settings, modes } from "../../../shared/domain/workspace/settings.ts";
import { answer } from "../core/reply.ts";
import { setSettings } from "../../../shared/use-cases/workspace/set-settings.ts";
import { showSettings } from "../../../shared/use-cases/workspace/show-settings.ts";
import { settingsView } from "./settings-modal.ts";
import { code } from "../blocks/text.ts";
import { type Command, type CommandCall, usageOf } from "../core/commands/command.ts";
import { settingsReply, shownReply } from "./settings-reply.ts";

export const settings: Command = {
  name: "settings",
  namesIds: true,
  usage: "[change | mode solo|team | approvals <number> | channel #channel|here|none]",
  summary: "Shows how the workspace works; admins choose who has to approve, how many, and where cards go.",
  examples: [
    "/cv settings",
    "/cv settings change",
    "/cv settings mode team",
    "/cv settings approvals 2",
    "/cv settings channel here",
  ],
  permission: "read",
  run: async (call) => {
    const { ctx, args } = call;
    const [setting, value, tooMuch] = args.positionals;
    if (setting === undefined) return answer(showSettings(ctx), shownReply);
    const name = setting.toLowerCase();
    if (name === "change") {
      return answer(showSettings(ctx), (shown) => (shown.mayChange ? settingsView(shown.settings) : shownReply(shown)));
    }
    const read = Object.hasOwn(settingReaders, name) ? settingReaders[name] : undefined;
    if (!read) return usageOf(settings, `There is no setting ${code(setting, 40)}.`);
    if (tooMuch !== undefined) return usageOf(settings, `${code(tooMuch, 40)} is too much.`);
    const wanted = read(value, call);
    return typeof wanted === "string" ? usageOf(settings, wanted) : answer(setSettings(ctx, wanted), settingsReply);
  },
};

/** What to set, or what is wrong with what was typed. */
type SettingReader = (typed: string | undefined, call: Pick<CommandCall, "channelId">) => Partial<Settings> | string;

const settingReaders: Record<string, SettingReader> = {
  mode: (typed) => {
    const mode = modes.find((each) => each === typed?.toLowerCase());
    if (mode) return { mode };
    return typed ? `${code(typed, 40)} is not a mode.` : "Say which mode.";
  },
  approvals: (typed) => {
    if (typed === undefined) return "Say how many approvals a commit needs.";
    return /^\d{1,4}$/.test(typed) ? { approvalsNeeded: Number(typed) } : `${code(typed, 40)} is not a number.`;
  },
  channel: (typed, { channelId }) => {
    if (typed === undefined) return "Say which channel: write `#` and choose it, or `here`, or `none`.";
    if (typed.toLowerCase() === "none") return { channelId: null };
    const isHere = typed.toLowerCase() === "here";
    const chosen = isHere ? (channelId ?? "") : typed;
    if (/^[CG][A-Z0-9]{6,}$/.test(chosen)) return { channelId: chosen };
    return isHere
      ? "Cards go to a channel, and this is not one: type this in the channel that you mean."
      : `${code(typed, 40)} is the name of a channel. Write \`#\` and choose it from the list that Slack shows, or type \`here\` in it.`;
  },
};
