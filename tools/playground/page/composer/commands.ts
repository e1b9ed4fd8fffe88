/** What the composer offers after a slash. The bot's own `/cv help` is the authority; this is a reminder. */
export interface CommandHint {
  name: string;
  usage: string;
  purpose: string;
}

export const commandHints: readonly CommandHint[] = [
  { name: "help", usage: "[command|type]", purpose: "What there is, with examples" },
  { name: "stage", usage: "[create|update|delete <type> [<id>] field=value …]", purpose: "Record a change" },
  { name: "staged", usage: "[--page <number>]", purpose: "Changes that wait for a commit" },
  { name: "edit", usage: "<number> [field=value …]", purpose: "Change what is staged" },
  { name: "unstage", usage: "<number>… | all", purpose: "Unstage a change" },
  { name: "diff", usage: "[#commit] [--page <number>]", purpose: "Before and after, field by field" },
  {
    name: "commit",
    usage: '[-m "message"] [--only 1,3] [--draft]',
    purpose: "Group staged changes and ask for review",
  },
  { name: "review", usage: "#commit [@reviewer…]", purpose: "Ask for review of a draft" },
  { name: "commits", usage: "[--status …] [--author @person] [--since 7d]", purpose: "The latest commits" },
  { name: "show", usage: "#commit", purpose: "One commit with its state" },
  { name: "drop", usage: "#commit", purpose: "Discard a commit with its changes" },
  { name: "reopen", usage: "#commit", purpose: "Put a commit's changes back to staged" },
  { name: "approve", usage: "#commit", purpose: "Approve for pushing" },
  { name: "reject", usage: "#commit [reason]", purpose: "Send back to the author" },
  { name: "withdraw", usage: "#commit", purpose: "Take your approval back" },
  { name: "push", usage: "#commit [all|<target>]", purpose: "Apply to the targets" },
  { name: "retry", usage: "[#commit] [all|<target>]", purpose: "Push again what failed" },
  { name: "cancel", usage: "#commit", purpose: "Cancel a push" },
  {
    name: "resolve",
    usage: "#commit [mine|theirs] [<row> [<field>…]] [field=value …]",
    purpose: "What somebody else has changed under it",
  },
  { name: "why", usage: "#commit", purpose: "What stands between it and a push" },
  { name: "status", usage: "[#commit [--trace]]", purpose: "Where pushes stand" },
  { name: "log", usage: "[--before <id>]", purpose: "What has happened" },
  { name: "search", usage: '["words"]', purpose: "Find rows by meaning" },
  { name: "verify", usage: "[push|fix|accept <target> <type> <id>]", purpose: "Compare what the targets hold" },
  { name: "reindex", usage: "[all|<target>]", purpose: "Rebuild the search index" },
  {
    name: "reconcile",
    usage: "[<target>] [--skip-numbers]",
    purpose: "After a database was put back in time",
  },
  {
    name: "settings",
    usage: "[change | mode solo|team | approvals <number> | channel #channel|here|none]",
    purpose: "How the workspace works",
  },
  { name: "setup", usage: "", purpose: "What a new workspace needs, step by step" },
  {
    name: "roles",
    usage: "[give | @person… viewer|editor|approver|admin | export|erase @person]",
    purpose: "Who may do what",
  },
  {
    name: "tokens",
    usage: "[new [name] | revoke <number>] [--scopes read,stage] [--days 90]",
    purpose: "API tokens for your programs",
  },
  {
    name: "targets",
    usage: "[add|show|test|rotate|first|earlier|later|remove] [<target>]",
    purpose: "Where pushes go, and the secrets shared with each target",
  },
  {
    name: "webhooks",
    usage:
      "[add|change|show|test|rotate|enable|disable|remove|failures|replay] [<number>] [<url>] [--events job.*,commit.*] [--profile fast|standard] [--since 2h]",
    purpose: "Send events to your own services over HTTP",
  },
  {
    name: "dead-letters",
    usage: "[show|retry|discard <number> [reason]] [--all]",
    purpose: "Messages that could not be delivered, to send again or discard",
  },
  { name: "doctor", usage: "", purpose: "What is wrong with the bot, and what to do" },
];

/** Commands that the text could become, while their name is being typed; none once arguments follow. */
export const matchingCommands = (text: string): CommandHint[] => {
  if (text === "/" || "/cv ".startsWith(text)) return text.startsWith("/") ? [...commandHints] : [];
  const name = /^\/cv +(\S*)$/.exec(text)?.[1];
  return name === undefined ? [] : commandHints.filter((hint) => hint.name.startsWith(name.toLowerCase()));
};

/** The command whose name stands complete in the text. */
export const commandOf = (text: string): CommandHint | null => {
  const name = /^\/cv +(\S+)/.exec(text)?.[1]?.toLowerCase();
  return commandHints.find((hint) => hint.name === name) ?? null;
};
