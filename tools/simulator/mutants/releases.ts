/** Bugs that only the release before notices: each is consistent in itself. */
import type { Mutant } from "./mutant.ts";

export const releaseMutants: readonly Mutant[] = [
  {
    name: "a command is handed over in another order than the release before takes it",
    besidePrevious: true,
    patches: [
      {
        file: "bot/slack/core/attempt.ts",
        text: "this.#pending.take(command, afterMs)",
        replacement: "this.#pending.take(afterMs as never, command as never)",
      },
      {
        file: "bot/slack/pending/pending-commands.ts",
        text: "async take(command: PendingCommand, afterMs: number)",
        replacement: "async take(afterMs: number, command: PendingCommand)",
      },
    ],
  },
  {
    name: "a command that waits is kept where the release before did not put it",
    besidePrevious: true,
    patches: [
      {
        file: "bot/slack/pending/pending-store.ts",
        text: "const commandKey = (key: string): string => `command:${key}`;",
        replacement: "const commandKey = (key: string): string => `waiting:${key}`;",
      },
    ],
  },
  {
    name: "a workspace that the release before named in a variable becomes a row with a token that is not its own",
    besidePrevious: true,
    patches: [
      {
        file: "shared/use-cases/workspace/import-workspaces.ts",
        text: "const tokens: SlackTokens = { botToken, refreshToken: null };",
        replacement: "const tokens: SlackTokens = { botToken: `${botToken}-`, refreshToken: null };",
      },
    ],
  },
];
