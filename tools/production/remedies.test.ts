import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checks } from "../../shared/domain/operations/checks.ts";
import { root } from "../scripts/tree.ts";
import { configurationOf, configurationPath, resourcesOf } from "./configurations.ts";
import { nothingMade } from "./production-file.ts";
import { commandsIn, remedyIn } from "./remedies.ts";
import { workers } from "./workers.ts";

const production = { ...nothingMade, name: "noor", accountId: "0".repeat(32), url: "https://noor.acme.workers.dev" };
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };

/** The configuration that a command names, as setup writes it. */
const configurationIn = (command: string): object | undefined => {
  const worker = workers.find((one) => command.endsWith(` -c ${configurationPath(one)}`));
  return worker && configurationOf(production, worker);
};

/** Each that doctor may say: what it names has to be there. */
const known: readonly (readonly [RegExp, (named: string, command: string) => unknown])[] = [
  [/^npm run (\S+)/, (script) => expect(scripts).toHaveProperty([script])],
  [
    /^npx wrangler d1 migrations apply (\S+) --remote -c /,
    (binding, command) =>
      expect(configurationIn(command)).toMatchObject({ d1_databases: [expect.objectContaining({ binding })] }),
  ],
  // A secret that only earlier releases have; the bot alone read it.
  [
    /^npx wrangler secret delete (WORKSPACES) -c /,
    (_, command) => expect(configurationIn(command)).toMatchObject({ name: "noor" }),
  ],
  [
    /^npx wrangler queues resume-delivery (\S+) -c /,
    (queue, command) => {
      expect(resourcesOf(production).queues).toContain(queue);
      expect(configurationIn(command)).toMatchObject({ queues: { consumers: expect.anything() } });
    },
  ],
  [
    /^npx wrangler vectorize delete (\S+) -c /,
    (index, command) => {
      expect(resourcesOf(production).indexes).toContain(index);
      expect(configurationIn(command)).toMatchObject({ account_id: production.accountId });
    },
  ],
];

const commands = Object.values(checks).flatMap(({ remedy }) => commandsIn(remedyIn(production.name, remedy)));

test.each(commands)("the remedy %s works as typed after npm run setup", (command) => {
  const forms = known.filter(([form]) => form.test(command));
  // A new command says above what it needs.
  expect(forms).toHaveLength(1);
  for (const [form, holds] of forms) holds(form.exec(command)?.[1] ?? "", command);
});

test("each tool that a remedy names is named by a command that is looked at", () => {
  const mentions = Object.values(checks).flatMap(({ remedy }) => remedy.match(/wrangler [a-z]|npm run/g) ?? []);
  expect(mentions).toHaveLength(commands.length);
  expect(commands.length).toBeGreaterThan(4);
});

test("a production's own name stands in the commands of a remedy, and nowhere else", () => {
  const remedy = "Type `npx wrangler queues info cv-ops-push -c dist/production/bot.json` of cv-ops-push.";
  expect(remedyIn("noor", remedy)).toBe(
    "Type `npx wrangler queues info noor-push -c dist/production/bot.json` of cv-ops-push.",
  );
});
