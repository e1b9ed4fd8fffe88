import { showSetup } from "../../../shared/use-cases/workspace/show-setup.ts";
import type { Command } from "../core/commands/command.ts";
import { answer } from "../core/reply.ts";
import { setupReply } from "./setup-reply.ts";

export const setup: Command = {
  name: "setup",
  usage: "",
  summary: "Leads through what a new workspace needs: people, approval, channel, targets.",
  examples: ["/cv setup"],
  permission: "read",
  run: ({ ctx }) => answer(showSetup(ctx), setupReply),
};
