/** All commands. Help, usage, suggestions and the docs page come from this table. */
import { closest } from "../../../shared/domain/closest.ts";
import { quoted } from "../text.ts";
import { cancel } from "./cancel.ts";
import { drop, reopen } from "./close.ts";
import { type Command, type CommandCall, type Reply, refuse, say } from "./command.ts";
import { commit } from "./commit.ts";
import { commits } from "./commits.ts";
import { approve, reject } from "./decide.ts";
import { deadLetters } from "./dead-letters.ts";
import { diff } from "./diff.ts";
import { edit } from "./edit.ts";
import { parseArguments, splitVerb } from "./grammar.ts";
import { createHelp } from "./help.ts";
import { needs } from "./needs.ts";
import { log } from "./log.ts";
import { push, retry } from "./push.ts";
import { reindex } from "./reindex.ts";
import { review } from "./review.ts";
import { roles } from "./roles.ts";
import { search } from "./search.ts";
import { settings } from "./settings.ts";
import { show } from "./show.ts";
import { stage } from "./stage.ts";
import { staged } from "./staged.ts";
import { status } from "./status.ts";
import { tokens } from "./tokens.ts";
import { unstage } from "./unstage.ts";
import { verify } from "./verify.ts";
import { webhooks } from "./webhooks.ts";
import { why } from "./why.ts";

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
  push,
  retry,
  cancel,
  why,
  status,
  drop,
  reopen,
  log,
  search,
  verify,
  reindex,
  settings,
  roles,
  tokens,
  webhooks,
  deadLetters,
];

/** Runs what was typed after `/cv`; nothing typed asks what needs the person. */
export const runCommand = async (typed: string, call: Omit<CommandCall, "args">): Promise<Reply | null> => {
  const { verb, rest } = splitVerb(typed);
  const command = verb === "" ? needs : commands.find(({ name }) => name === verb);
  if (!command) {
    const near = closest(
      verb,
      commands.map(({ name }) => name),
    );
    return say(
      `:warning: There is no \`/cv ${quoted(verb, 40)}\`. ${near ? `Did you mean \`/cv ${near}\`?` : "`/cv help` lists the commands."}`,
    );
  }
  const args = parseArguments(rest, command.options);
  return args.ok ? command.run({ ...call, args: args.value }) : refuse(args.reason);
};
