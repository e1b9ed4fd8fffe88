/** All commands. Help, usage, suggestions and the docs page come from this table. */
import { closest } from "../../shared/domain/closest.ts";
import { type Reply, decline, isForm, refuse } from "./core/reply.ts";
import { quoted } from "./blocks/text.ts";
import { cancel } from "./pushes/cancel-command.ts";
import { drop, reopen } from "./commits/close-commands.ts";
import { type Command, type CommandCall, misnumbered } from "./core/commands/command.ts";
import { commit } from "./commits/commit-command.ts";
import { commits } from "./commits/commits-command.ts";
import { approve, reject } from "./reviews/decide-commands.ts";
import { deadLetters } from "./dead-letters/dead-letters-command.ts";
import { diff } from "./commits/diff/diff-command.ts";
import { edit } from "./staging/edit-command.ts";
import { parseArguments, splitCommand } from "./core/commands/grammar.ts";
import { createHelp, helpOf } from "./home/help-command.ts";
import { actionItems } from "./home/action-items-command.ts";
import { log } from "./workspace/log-command.ts";
import { push, retry } from "./pushes/push-commands.ts";
import { resolve } from "./conflicts/resolve-command.ts";
import { reconcile } from "./portfolio/reconcile-command.ts";
import { reindex } from "./portfolio/reindex-command.ts";
import { review } from "./reviews/review-command.ts";
import { roles } from "./workspace/roles-command.ts";
import { search } from "./portfolio/search-command.ts";
import { settings } from "./workspace/settings-command.ts";
import { setup } from "./workspace/setup-command.ts";
import { show } from "./commits/show-command.ts";
import { stage } from "./staging/stage-command.ts";
import { staged } from "./staging/staged-command.ts";
import { status } from "./pushes/status-command.ts";
import { targets } from "./targets/targets-command.ts";
import { tokens } from "./workspace/tokens-command.ts";
import { unstage } from "./staging/unstage-command.ts";
import { verify } from "./portfolio/verify-command.ts";
import { webhooks } from "./webhooks/webhooks-command.ts";
import { withdraw } from "./reviews/withdraw-command.ts";
import { doctor } from "./operations/doctor-command.ts";
import { why } from "./reviews/why-command.ts";
import type { Role } from "../../shared/domain/workspace/roles.ts";

const help = createHelp(() => commands);

export const commands: readonly Command[] = [
  help,
  stage,
  staged,
  edit,
  unstage,
  diff,
  commit,
  review,
  commits,
  show,
  approve,
  reject,
  withdraw,
  push,
  retry,
  cancel,
  resolve,
  why,
  status,
  drop,
  reopen,
  log,
  search,
  verify,
  reindex,
  reconcile,
  setup,
  settings,
  roles,
  tokens,
  targets,
  webhooks,
  deadLetters,
  doctor,
];

/** What people type who know Git, or other programs, before they have read the help. */
const otherNames: Readonly<Record<string, string>> = {
  undo: "unstage",
  revert: "unstage",
  add: "stage",
  create: "stage",
  update: "stage",
  delete: "stage",
  list: "commits",
  history: "log",
  deploy: "push",
  publish: "push",
  whoami: "help",
};

const nearest = (name: string): string | null =>
  (Object.hasOwn(otherNames, name) ? otherNames[name] : null) ??
  closest(
    name,
    commands.map((each) => each.name),
  );

/** Runs what was typed after `/cv`; nothing typed shows the action items. Null: a modal is open instead. */
export const runCommand = async (typed: string, call: Omit<CommandCall, "args">): Promise<Reply | null> => {
  const { name, rest } = splitCommand(typed);
  const command = name === "" ? actionItems : commands.find((each) => each.name === name);
  if (!command) {
    const near = nearest(name);
    return decline(
      `There is no \`/cv ${quoted(name, 40)}\`. ${near ? `Did you mean \`/cv ${near}\`?` : "`/cv help` lists the commands."}`,
    );
  }
  const args = parseArguments(rest, command.options ?? [], command.namesIds);
  if (!args.ok) return refuse(args.reason);
  const answer = misnumbered(command, args.value) ?? (await command.run({ ...call, args: args.value }));
  if (!isForm(answer)) return answer;
  await call.openModal(answer);
  return null;
};

/** The name of a command as it is in our table, for the log: what was typed may be anything. */
export const operationOf = (typed: string): string => {
  const { name } = splitCommand(typed);
  return commands.some((each) => each.name === name) ? `/cv ${name}` : "/cv";
};

/** What somebody reads who writes to the app, or opens its messages for the first time. */
export const helpReply = (role: Role): Reply => helpOf(role, commands);
