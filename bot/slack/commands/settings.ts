import { setMode } from "../../../shared/verbs/set-mode.ts";
import { modes } from "../../../shared/storage/workspaces.ts";
import { quoted } from "../text.ts";
import { type Command, refuse, say, usageOf } from "./command.ts";

export const settings: Command = {
  name: "settings",
  usage: "mode solo|team",
  summary: "Chooses whether a second person has to approve (team) or the owner alone decides (solo).",
  examples: ["/cv settings mode team", "/cv settings mode solo"],
  role: "admin",
  options: [],
  run: async ({ ctx, args, announce }) => {
    const [setting, value] = args.positionals;
    if (setting?.toLowerCase() !== "mode") {
      return usageOf(settings, setting ? `There is no setting \`${quoted(setting, 40)}\`.` : "Say which setting.");
    }
    const mode = modes.find((each) => each === value?.toLowerCase());
    if (!mode) return usageOf(settings, value ? `\`${quoted(value, 40)}\` is not a mode.` : "Say which mode.");
    const set = await setMode(ctx, mode);
    if (!set.ok) return refuse(set.reason);
    announce(ctx.workspaceId);
    if (set.value.before === mode) return say(`This workspace is in ${mode} mode already.`);
    return say(
      mode === "solo"
        ? "Solo mode: authors with the role of approver may approve their own commits, after a confirmation."
        : "Team mode: somebody other than the author has to approve each commit.",
    );
  },
};
