import type { ConversationsSelect, RadioButtons } from "@slack/types";
import { setSettings } from "../../../shared/use-cases/workspace/set-settings.ts";
import { type Settings, modes } from "../../../shared/domain/workspace/settings.ts";
import { answer } from "../core/reply.ts";
import { settingsReply } from "./settings-reply.ts";
import { input, numberInput, option } from "../core/modals/inputs.ts";
import { type Modal, formView } from "../core/modals/modal.ts";
import { textIn } from "../core/modals/values.ts";

const modeOptions = [
  option("Team: somebody other than the author approves", "team"),
  option("Solo: authors may approve their own, after a confirmation", "solo"),
];

export const settingsView = ({ mode, approvalsNeeded, channelId }: Settings) => {
  const chosen = modeOptions.find(({ value }) => value === mode);
  const modeInput: RadioButtons = {
    type: "radio_buttons",
    options: modeOptions,
    ...(chosen ? { initial_option: chosen } : {}),
  };
  const channelInput: ConversationsSelect = {
    type: "conversations_select",
    filter: { include: ["public", "private"], exclude_bot_users: true },
    ...(channelId ? { initial_conversation: channelId } : {}),
  };
  return formView({
    name: "settings",
    title: "Settings",
    submit: "Save",
    blocks: [
      input({ id: "mode", label: "Who approves" }, modeInput),
      input(
        {
          id: "approvals",
          label: "Approvals that a commit needs",
          hint: "A whole number from 1 to 5; 1 in solo mode.",
        },
        numberInput(false, { min: 1, max: 5, initial: approvalsNeeded }),
      ),
      input(
        {
          id: "channel",
          label: "Channel for cards",
          hint: "Invite the app there. Empty: the channel in which a command is used.",
          optional: true,
        },
        channelInput,
      ),
    ],
  });
};

export const settingsModal: Modal = {
  name: "settings",
  submit: async ({ ctx, values }) => {
    const mode = modes.find((each) => each === textIn(values, "mode"));
    if (!mode) return { errors: { mode: "Choose one." } };
    const approvalsNeeded = Number(textIn(values, "approvals"));
    const channelId = textIn(values, "channel") || null;
    return answer(setSettings(ctx, { mode, approvalsNeeded, channelId }), settingsReply);
  },
};
