/** What the composer offers after a slash. The bot's own `/cv help` is the authority; this is a reminder. */
export interface CommandHint {
  verb: string;
  usage: string;
  purpose: string;
}

export const commandHints: readonly CommandHint[] = [
  { verb: "help", usage: "[command|type]", purpose: "What there is, with examples" },
  { verb: "stage", usage: "[create|update|delete <type> [<id>] field=value …]", purpose: "Record a change" },
  { verb: "staged", usage: "[--page <number>]", purpose: "Changes that wait for a commit" },
  { verb: "edit", usage: "<number> [field=value …]", purpose: "Change what is staged" },
  { verb: "unstage", usage: "<number>… | all", purpose: "Take a staged change back" },
  { verb: "diff", usage: "[#commit] [--page <number>]", purpose: "Before and after, field by field" },
  {
    verb: "commit",
    usage: '[-m "message"] [--only 1,3] [--draft]',
    purpose: "Group staged changes and ask for review",
  },
  { verb: "review", usage: "#commit [@reviewer…]", purpose: "Ask for review of a draft" },
  { verb: "commits", usage: "[--status …] [--author @person] [--since 7d]", purpose: "The latest commits" },
  { verb: "show", usage: "#commit", purpose: "One commit with its state" },
  { verb: "drop", usage: "#commit", purpose: "Throw a commit away with its changes" },
  { verb: "reopen", usage: "#commit", purpose: "Put a commit's changes back to staged" },
  { verb: "approve", usage: "#commit", purpose: "Approve for pushing" },
  { verb: "reject", usage: "#commit [reason]", purpose: "Send back to the author" },
  { verb: "push", usage: "#commit [all|<target>]", purpose: "Apply to the targets" },
  { verb: "retry", usage: "[#commit] [all|<target>]", purpose: "Push again what failed" },
  { verb: "cancel", usage: "#commit", purpose: "Take back what is not applied yet" },
  { verb: "why", usage: "#commit", purpose: "What stands between it and a push" },
  { verb: "status", usage: "[#commit [--trace]]", purpose: "Where pushes stand" },
  { verb: "log", usage: "[--before <id>]", purpose: "What has happened" },
  { verb: "search", usage: '["words"]', purpose: "Find rows by meaning" },
  { verb: "verify", usage: "", purpose: "Compare what the targets hold" },
  { verb: "reindex", usage: "[all|<target>]", purpose: "Rebuild the search index" },
  {
    verb: "settings",
    usage: "[change | mode solo|team | approvals <number> | channel #channel|here|none]",
    purpose: "How the workspace works",
  },
  { verb: "roles", usage: "[give | @person… viewer|editor|approver|admin]", purpose: "Who may what" },
  {
    verb: "tokens",
    usage: "[new [name] | revoke <number>] [--scopes read,stage] [--days 90]",
    purpose: "API tokens for your programs",
  },
  {
    verb: "webhooks",
    usage:
      "[add|change|show|test|rotate|enable|disable|remove|failures|replay] [<number>] [<url>] [--events job.*,commit.*] [--profile fast|standard] [--since 2h]",
    purpose: "Send events to your own services over HTTP",
  },
  {
    verb: "dead-letters",
    usage: "[show|retry|discard <number> [reason]] [--all]",
    purpose: "Messages that could not be delivered, to send again or discard",
  },
];

/** Commands that the text could become, while their name is being typed; none once arguments follow. */
export const matchingCommands = (text: string): CommandHint[] => {
  if (text === "/" || "/cv ".startsWith(text)) return text.startsWith("/") ? [...commandHints] : [];
  const verb = /^\/cv +(\S*)$/.exec(text)?.[1];
  return verb === undefined ? [] : commandHints.filter((hint) => hint.verb.startsWith(verb.toLowerCase()));
};

/** The command whose name stands complete in the text. */
export const commandOf = (text: string): CommandHint | null => {
  const verb = /^\/cv +(\S+)/.exec(text)?.[1]?.toLowerCase();
  return commandHints.find((hint) => hint.verb === verb) ?? null;
};
