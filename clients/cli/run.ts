/** Runs one call of `cv`: finds the command, runs it, and reports the result as text and as an exit code. */
import { type Client, type ClientOptions, ApiProblem, BadAnswer, Unreachable, createClient } from "../sdk/index.ts";
import { closest } from "../../shared/domain/closest.ts";
import { WrongUsage, noMore, readArguments } from "./arguments.ts";
import { type Command, type Exit, exit } from "./command.ts";
import { help, helpOf, synopsisOf } from "./help.ts";
import { createNames } from "./names.ts";
import { refusalText } from "./refusal.ts";
import { Output, type Stream } from "./output.ts";
import { commands } from "./table.ts";

export interface Shell {
  env: Record<string, string | undefined>;
  stdout: Stream;
  stderr: Stream;
  interrupted: () => AbortSignal;
  timeout: (delayMs: number) => AbortSignal;
  /** Globals for the client. Default: those of the process. */
  surroundings?: Partial<ClientOptions>;
}

export const run = async (argv: readonly string[], shell: Shell): Promise<Exit> => {
  const { stdout, stderr, env } = shell;
  const out = new Output({ stdout, stderr, env, json: argv.includes("--json") });
  const [name = "", ...rest] = argv;
  try {
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

const commandOf = (name: string): Command => {
  const found = commands.find((command) => command.name === name);
  if (found) return found;
  const near = closest(name, [...commands.map((command) => command.name), "help"]);
  throw new WrongUsage(`There is no command "${name}".${near ? ` Did you mean cv ${near}?` : " cv help lists them."}`);
};

const runCommand = async (command: Command, argv: readonly string[], out: Output, shell: Shell): Promise<Exit> => {
  const args = readWithUsage(command, argv);
  if (args.options["help"] !== undefined) return showHelp(out, "help", [command.name]);
  const client = clientFor(shell);
  const named = out.isJson ? async <T>(answer: T): Promise<T> => answer : createNames(client);
  try {
    const { interrupted, timeout } = shell;
    return (await command.run({ client, args, out, named, interrupted, timeout })) ?? exit.done;
  } catch (error) {
    if (error instanceof ApiProblem) return explainProblem(error, await named(error.members), out);
    throw error instanceof WrongUsage ? withUsage(command, error) : error;
  }
};

const explainProblem = (problem: ApiProblem, members: ApiProblem["members"], out: Output): Exit => {
  out.note(`${refusalText(problem, members)}${problem.traceId === null ? "" : `\nTrace ${problem.traceId}`}`);
  // The answer is not from CV Ops.
  return problem.traceId === null ? exit.unreachable : exit.refused;
};

const readWithUsage = (command: Command, argv: readonly string[]) => {
  try {
    const args = readArguments(argv, command.options ?? [], command.name === "stage");
    noMore(args.words, command.maxWords ?? 0);
    return args;
  } catch (error) {
    throw error instanceof WrongUsage ? withUsage(command, error) : error;
  }
};

const withUsage = (command: Command, { message }: WrongUsage): WrongUsage =>
  new WrongUsage(`${message}\nType ${synopsisOf(command)}, for example:\n  ${command.examples.join("\n  ")}`);

const clientFor = ({ env, surroundings }: Shell): Client => {
  const { CV_OPS_URL: baseUrl = "", CV_OPS_TOKEN: token = "" } = env;
  if (baseUrl === "")
    throw new WrongUsage("Set CV_OPS_URL to the address of CV Ops, such as https://cv-ops.example.com.");
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? "")) {
    throw new WrongUsage(`CV_OPS_URL is "${baseUrl}", which is not a URL: it looks like https://cv-ops.example.com.`);
  }
  if (token === "") throw new WrongUsage("Set CV_OPS_TOKEN to an API token: /cv tokens new in Slack makes one.");
  return createClient({ baseUrl, token, ...surroundings });
};

const explain = (error: unknown, out: Output): Exit => {
  if (error instanceof WrongUsage) {
    out.note(error.message);
    return exit.usage;
  }
  if (error instanceof Unreachable || error instanceof BadAnswer) {
    out.note(`${error.message}${error instanceof Unreachable ? ". Check CV_OPS_URL and the network." : ""}`);
    return exit.unreachable;
  }
  throw error;
};
