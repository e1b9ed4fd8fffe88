import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { WrongUsage } from "../arguments.ts";
import { numberNamed } from "../by-name.ts";
import { findingLine, verdictMessage } from "../../../shared/messages/en/findings.ts";
import { type Command, exit } from "../command.ts";
import { linesOf } from "../lines.ts";

type Token = ReplyOf<"listTokens">["tokens"][number];
type Webhook = ReplyOf<"listWebhooks">["webhooks"][number];

const tokenLine = ({ number, name, scopes, state, expiresAt, owner }: Token): string =>
  `${String(number).padStart(4)}  ${name}  (${scopes.join(", ")})  ${state}, until ${expiresAt.slice(0, 10)}, of ${owner}`;

export const tokens: Command = {
  name: "tokens",
  usage: "[revoke <token>]",
  summary: "Lists your API tokens, or revokes one, by its name or number.",
  examples: ["cv tokens", "cv tokens revoke CI"],
  words: ["revoke"],
  maxWords: 2,
  run: async ({ client, args, out, named }) => {
    const [word, typed] = args.words;
    if (word === undefined) {
      out.show(await named(await client.listTokens()), (list) =>
        linesOf(list.tokens, tokenLine, "There are no tokens."),
      );
      return;
    }
    if (word !== "revoke") throw new WrongUsage(`"${word}" is not revoke.`);
    const number = await numberNamed<Token>(typed, "token", {
      all: async () => (await client.listTokens()).tokens.filter(({ state }) => state === "active"),
      namesOf: ({ name }) => [name],
      labelOf: tokenLine,
    });
    out.show(await client.revokeToken({ number }), ({ name }) => [`Revoked token ${number}, ${name}.`]);
  },
};

const webhookLine = ({ number, url, description, state, events }: Webhook): string =>
  `${String(number).padStart(4)}  ${description === "" ? url : `${description}, ${url}`}  ${state}, ${events.join(", ")}`;

const acts = { enable: "enableWebhook", disable: "disableWebhook", test: "testWebhook" } as const;
const done = { enable: "Enabled", disable: "Disabled", test: "Sent a test event to" } as const;

const isAct = (word: string): word is keyof typeof acts => Object.hasOwn(acts, word);

export const webhooks: Command = {
  name: "webhooks",
  usage: "[enable|disable|test <webhook>]",
  summary: "Lists the webhooks; enables, disables or tests one, by its description, address or number.",
  examples: ["cv webhooks", 'cv webhooks disable "Status board"'],
  words: Object.keys(acts),
  maxWords: 2,
  run: async ({ client, args, out }) => {
    const [word, typed] = args.words;
    if (word === undefined) {
      out.show(await client.listWebhooks(), (list) => linesOf(list.webhooks, webhookLine, "There are no webhooks."));
      return;
    }
    if (!isAct(word)) throw new WrongUsage(`"${word}" is not ${Object.keys(acts).join(", ")}.`);
    const number = await numberNamed<Webhook>(typed, "webhook", {
      all: async () => (await client.listWebhooks()).webhooks,
      namesOf: ({ description, url }) => [description, url, new URL(url).host],
      labelOf: webhookLine,
    });
    out.show(await client[acts[word]]({ number }), ({ url }) => [`${done[word]} webhook ${number}, ${url}.`]);
  },
};

export const doctor: Command = {
  name: "doctor",
  usage: "",
  summary: "Looks for what is wrong with the bot, its Slack app and its targets. Fails when something is.",
  examples: ["cv doctor"],
  run: async ({ client, out }) => {
    const found = await client.runDoctor();
    const isWell = found.findings.every(({ ok }) => ok !== false);
    out.show(found, ({ findings }) => [
      ...findings.flatMap((finding) => [
        finding.ok === false ? out.paint("red", findingLine(finding)) : findingLine(finding),
        ...(finding.remedy === null ? [] : [`  ${finding.remedy}`]),
      ]),
      verdictMessage(findings),
    ]);
    return isWell ? exit.done : exit.refused;
  },
};
