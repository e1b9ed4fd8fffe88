/** What each shortcut of the table does. */
import { stageMessage } from "./staging/stage-message.ts";
import { plainIntent } from "./staging/stage-intent.ts";
import { openStageForm } from "./staging/stage-modal.ts";
import type { ShortcutCall } from "./core/shortcut.ts";

export const shortcutHandlers: Record<string, (call: ShortcutCall) => Promise<void>> = {
  stage_change: ({ ctx, openModal }) => openStageForm(ctx, openModal, plainIntent),
  stage_message: stageMessage,
};
