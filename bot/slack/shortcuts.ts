/** All shortcuts, as Slack's menus show them. The manifest comes from this table. */
import type { Shortcut } from "./core/shortcut.ts";
import { plainIntent } from "./staging/stage-intent.ts";
import { stageMessage } from "./staging/stage-message.ts";
import { openStageForm } from "./staging/stage-modal.ts";

export const shortcuts: readonly Shortcut[] = [
  {
    callbackId: "stage_change",
    type: "global",
    name: "CV: stage a change",
    description: "Opens the form in which a change to the portfolio is staged",
    run: ({ ctx, openModal }) => openStageForm(ctx, openModal, plainIntent),
  },
  {
    callbackId: "stage_message",
    type: "message",
    name: "Stage as CV change",
    description: "Stages a change to the portfolio, with this message as its source",
    run: stageMessage,
  },
];
