/** Runs one call of `cv`: finds the command, runs it, and reports the result as text and as an exit code. */
import { type Client, type ClientOptions, ApiProblem, BadAnswer, Unreachable } from "../sdk/index.ts";
import { closest } from "../../shared/domain/closest.ts";
import { Account, type ConfigFile } from "./account.ts";
import { WrongUsage, noMore, readArguments } from "./arguments.ts";
import { type Command, type CommandCall, type Exit, exit } from "./command.ts";
import { completed, help, helpOf, synopsisOf } from "./help.ts";
import { completionFor } from "./completion.ts";
import { NotOne } from "./by-name.ts";
import { createNames } from "./names.ts";
import { refusalText } from "./refusal.ts";
import { Output, type Stream } from "./output.ts";
import { commands } from "./table.ts";
import manifest from "./package.json" with { type: "json" };

export interface Shell extends Pick<
  CommandCall,
  "interrupted" | "timeout" | "openBrowser" | "wait" | "readInput" | "device"
> {
  env: Record<string, string | undefined>;
  stdout: Stream;
  stderr: Stream;
  /** Where cv login stores what it has got. */
  configFile: ConfigFile;
  /** Globals for the client. Default: those of the process. */
  surroundings?: Partial<ClientOptions>;
}

export const run = async (argv: readonly string[], shell: Shell): Promise<Exit> => {
  const { stdout, stderr, env } = shell;
  const out = new Output({ stdout, stderr, env, json: argv.includes("--json") });
  // It may stand before the command, too.
  const [name = "", ...rest] = argv[0] === "--json" ? argv.slice(1) : argv;
  try {
    if (name === "--version" || name === "version") return showVersion(out);
    if (name === "completion") return showCompletion(out, rest);
    if (name === "" || name === "help" || name === "--help" || name === "-h") return showHelp(out, name, rest);
    const command = commandOf(name);
    return await runCommand(command, rest, out, shell);
  } catch (error) {
    return explain(error, out);
  }
};

const showHelp = (out: Output, name: string, words: readonly string[]): Exit => {
  noMore(words, 1);
  const [about] = words;
  const lines = about === undefined ? help() : helpOf(commandOf(about));
  if (name === "") out.note(lines.join("\n"));
  else out.show({ help: lines.join("\n") }, () => lines);
  return name === "" ? exit.usage : exit.done;
};

const showVersion = (out: Output): Exit => {
  const { version } = manifest;
  out.show({ version }, () => [version]);
  return exit.done;
};

const showCompletion = (out: Output, words: readonly string[]): Exit => {
  noMore(words, 1);
  const lines = completionFor(words[0], completed);
  out.show({ completion: lines.join("\n") }, () => lines);
  return exit.done;
};

const commandOf = (name: string): Command => {
  const found = commands.find((command) => command.name === name);
  if (found) return found;
  const near = closest(
    name,
    completed.map((command) => command.name),
  );
  throw new WrongUsage(`There is no command "${name}".${near ? ` Did you mean cv ${near}?` : " cv help lists them."}`);
};

const runCommand = async (command: Command, argv: readonly string[], out: Output, shell: Shell): Promise<Exit> => {
  const args = readWithUsage(command, argv);
  if (args.options["help"] !== undefined) return showHelp(out, "help", [command.name]);
  const account = new Account(shell.env, shell.configFile, shell.surroundings);
  const { client, baseUrl } = command.isForAccounts === true ? noClient : clientFor(account);
  const named = out.isJson || command.isForAccounts === true ? unchanged : createNames(client);
  try {
    const { interrupted, timeout, openBrowser, wait, readInput, device } = shell;
    const surroundings = { interrupted, timeout, openBrowser, wait, readInput, device };
    const call = { account, client, baseUrl, args, out, named, ...surroundings };
    return (await command.run(call)) ?? exit.done;
  } catch (error) {
    if (error instanceof ApiProblem) return explainProblem(error, await named(error.members), out);
    throw error instanceof WrongUsage ? withUsage(command, error) : error;
  }
};

const explainProblem = (problem: ApiProblem, members: ApiProblem["members"], out: Output): Exit => {
  const detail = refusalText(problem, members);
  const { code, status, traceId } = problem;
  out.error(
    { ...problem.members, code, status, traceId, detail },
    `${detail}${traceId === null ? "" : `\nTrace ${traceId}`}`,
  );
  // The answer is not from CV Ops.
  return problem.traceId === null ? exit.unreachable : exit.refused;
};

const readWithUsage = (command: Command, argv: readonly string[]) => {
  try {
    const args = readArguments(argv, command.options ?? [], command.takesFields === true);
    noMore(args.words, command.maxWords ?? 0);
    return args;
  } catch (error) {
    throw error instanceof WrongUsage ? withUsage(command, error) : error;
  }
};

const withUsage = (command: Command, { message }: WrongUsage): WrongUsage =>
  new WrongUsage(`${message}\nType ${synopsisOf(command)}, for example:\n  ${command.examples.join("\n  ")}`);

const unchanged = async <T>(answer: T): Promise<T> => answer;

/** A command that is for accounts makes its own. */
const noClient = { client: {} as Client, baseUrl: "" };

const clientFor = (account: Account): { client: Client; baseUrl: string } => {
  const baseUrl = account.baseUrl();
  const found = account.tokenFor(baseUrl);
  if (!found) {
    throw new WrongUsage(
      "Sign in with cv login, or set CV_OPS_TOKEN to an API token: /cv tokens new in Slack makes one.",
    );
  }
  return { client: account.clientFor(baseUrl, found.token), baseUrl };
};

const explain = (error: unknown, out: Output): Exit => {
  if (error instanceof WrongUsage) {
    out.error({ code: "usage", detail: error.message }, error.message);
    return exit.usage;
  }
  if (error instanceof NotOne) {
    const { code, message: detail, candidates } = error;
    out.error({ code, detail, candidates }, detail);
    return exit.refused;
  }
  if (error instanceof Unreachable || error instanceof BadAnswer) {
    const detail = `${error.message}${error instanceof Unreachable ? ". Check CV_OPS_URL and the network." : ""}`;
    out.error({ code: error instanceof Unreachable ? "unreachable" : "bad_answer", detail }, detail);
    return exit.unreachable;
  }
  throw error;
};
