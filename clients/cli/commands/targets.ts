import { type Move, moves } from "../../../shared/domain/pushes/target-moves.ts";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import type { Client } from "../../sdk/index.ts";
import { WrongUsage, noMore } from "../arguments.ts";
import type { Command, CommandCall } from "../command.ts";
import { linesOf } from "../lines.ts";

type Target = ReplyOf<"listTargets">["targets"][number];

const healthTexts: Record<Target["health"], string> = {
  closed: "pushes go there",
  open: "does not answer, so pushes wait",
  half_open: "is being tried, and pushes wait",
};

const targetLine = ({ name, alias, position, portfolioId, url, health }: Target): string =>
  `${String(position + 1).padStart(4)}  ${name}${alias === null ? "" : ` (${alias})`}  portfolio ${portfolioId}, ${url ?? "a service of the operator's"}: ${healthTexts[health]}`;

/** Arguments are read by others on the machine, and stay in the shell's history. */
const bodyFrom = async <Body extends object>({ readInput }: CommandCall, example: string): Promise<Body> => {
  const usage = `Secrets are read from standard input, as JSON such as ${example}.`;
  const text = await readInput();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Body;
  } catch {
    // What was read has secrets, and so has the error: neither is shown.
  }
  throw new WrongUsage(usage);
};

const secrets = (uses: readonly string[]): string => `"secrets":{${uses.map((use) => `"${use}":"…"`).join(",")}}`;
const examples = {
  add: `{"name":"archive","portfolioId":"noor-vega","url":"https://…",${secrets(["request", "webhook", "read"])}}`,
  rotate: `{${secrets(["webhook"])},"keepsOldWebhook":true}`,
};

type Act = "test" | "rotate" | "remove" | Move;

const moved =
  (to: Move) =>
  async ({ client, out }: CommandCall, target: string): Promise<void> =>
    out.show(await client.moveTarget({ target }, { to }), ({ order }) => [
      `Pushes go to ${order.join(", then ")} from now on.`,
    ]);

/** Those that take the name of a target. */
const acts: Record<Act, (call: CommandCall, target: string) => Promise<void>> = {
  test: async ({ client, out }, target) =>
    out.show(await client.testTarget({ target }), ({ name }) => [
      `${name} answers, and takes the read token and our signature. Nothing was changed.`,
    ]),
  rotate: async (call, target) => {
    const body = await bodyFrom<Parameters<Client["rotateTargetSecrets"]>[1]>(call, examples.rotate);
    call.out.show(await call.client.rotateTargetSecrets({ target }, body), ({ name, webhookSecrets }) => [
      `${name} took the secrets, and they count from now on.`,
      ...(webhookSecrets > 1
        ? ["Its webhooks may be signed with the secret before as well, until the next rotation."]
        : []),
    ]);
  },
  first: moved("first"),
  earlier: moved("earlier"),
  later: moved("later"),
  remove: async ({ client, out }, target) =>
    out.show(await client.removeTarget({ target }), ({ name }) => [
      `${name} is removed, with its secrets. What was pushed there stays in the history.`,
    ]),
};

const isAct = (word: string): word is Act => Object.hasOwn(acts, word);

const add = async (call: CommandCall): Promise<void> => {
  const body = await bodyFrom<Parameters<Client["addTarget"]>[0]>(call, examples.add);
  call.out.show(await call.client.addTarget(body), ({ name }) => [
    `${name} took the secrets and is added. Pushes go there after the other targets.`,
  ]);
};

export const targets: Command = {
  name: "targets",
  usage: `[add | test|rotate|remove|${moves.join("|")} <target>]`,
  summary:
    "Lists where pushes go; adds, tests, orders or removes targets. Secrets are read from standard input as JSON.",
  examples: [
    "cv targets",
    "cv targets test d1",
    "cv targets first ai",
    "cv targets rotate archive < secrets.json",
    "cv targets add < archive.json",
    "cv targets remove archive",
  ],
  words: ["add", ...Object.keys(acts)],
  maxWords: 2,
  run: async (call) => {
    const [word, target] = call.args.words;
    if (word === undefined) {
      const list = await call.client.listTargets();
      call.out.show(list, (shown) => linesOf(shown.targets, targetLine, "There are no targets."));
      return;
    }
    if (word === "add") {
      noMore(call.args.words, 1);
      await add(call);
      return;
    }
    if (!isAct(word)) throw new WrongUsage(`"${word}" is not add, ${Object.keys(acts).join(", ")}.`);
    if (target === undefined) throw new WrongUsage("Say which target, by its name.");
    await acts[word](call, target);
  },
};
