import { stageChange } from "../../../shared/use-cases/staging/stage-change.ts";
import { answer, refuse } from "../core/reply.ts";
import { openStageForm } from "./stage-modal.ts";
import { type Command, usageOf } from "../core/commands/command.ts";
import { readStage, stageOptions } from "./stage-input.ts";
import { stagedReply } from "./staged-reply.ts";

export const stage: Command = {
  name: "stage",
  usage: "[create|update|delete <type> [<id>] field=value …]",
  summary:
    "Stages a change: nothing is touched until it is committed, approved and pushed. Without values, opens a form.",
  examples: [
    "/cv stage update technology python-1 experience_years=8",
    "/cv stage create technology name=Rust experience_years=1 category=Backend",
    "/cv stage delete technology jquery-1",
  ],
  permission: "stage",
  options: stageOptions,
  run: async ({ ctx, args, openModal }) => {
    const words = readStage(args);
    switch (words.kind) {
      case "slip":
        return usageOf(stage, words.missing);
      case "refused":
        return refuse(words.reason);
      case "begun":
        await openStageForm(ctx, openModal, words.intent);
        return null;
      case "whole":
        return answer(stageChange(ctx, words.input), stagedReply);
    }
  },
};
