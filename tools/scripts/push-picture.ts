/**
 * Draws one push in docs/explanation/architecture.md from a run of the simulator without faults. What happens several
 * times is drawn once, where it happens first.
 */
import { openDatabases } from "../simulator/platform/databases.ts";
import "../simulator/platform/surroundings.ts";
import { bundleProduct } from "../simulator/product/bundle.ts";
import { loadProduct } from "../simulator/product/load.ts";
import { printPushStory } from "../simulator/runs/push-story.ts";
import { writeGeneratedPart } from "./generated-file.ts";

const participants = {
  slack: "Slack",
  bot: "bot",
  d1: "D1",
  push: "queue cv-push",
  consumers: "consumers",
  d1cv: "d1cv",
  agent: "ai-agent",
  index: "Workers AI, Vectorize",
};
type Participant = keyof typeof participants;

const idOf = (target = ""): Participant => (target === "d1cv" ? "d1cv" : "agent");

type Message = readonly [from: Participant, to: Participant, text: string, isAnswer?: true];

/** What a line of the trace shows. */
const rules: readonly (readonly [pattern: RegExp, messages: (match: RegExpExecArray) => Message[]])[] = [
  [/→ \S+ (\/cv push .*)$/, ([, typed = ""]) => [["slack", "bot", typed]]],
  [
    /slack \/cv push.* ← (d1cv|ai-agent) GET \/api\/portfolios/,
    ([, target]) => [["bot", idOf(target), "GET rows as they are now"]],
  ],
  [
    /slack \/cv push.* ← d1 staging insert idempotency_records/,
    () => [["bot", "d1", "one batch: push, jobs, event, outbox, cards"]],
  ],
  [/slack \/cv push.* ← queue cv-push/, () => [["bot", "push", "relay the outbox: job for d1cv"]]],
  [/ reads: (Push [^.]*)\./, ([, reply = ""]) => [["bot", "slack", reply.replaceAll(/[*#]/g, ""), true]]],
  [
    /consumer of cv-push\S* ← (\S+) POST (\/api\/admin\/apply)/,
    ([, target, path = ""]) => [
      ["push", "consumers", `job for ${target}`],
      ["consumers", idOf(target), `POST ${path}, signed`],
      [idOf(target), "consumers", "202 accepted", true],
      ["consumers", "d1", `one batch: ${target} accepted`],
    ],
  ],
  [
    /webhook\.recorded.*"target":"([\w-]+)","type":"(job\.\w+)"/,
    ([, target, type]) => [
      [idOf(target), "bot", `POST /v2/webhook/${target}: ${type}`],
      ["bot", "d1", `one batch: ${type} of ${target}, cards`],
    ],
  ],
  [/webhook job\.completed ← queue cv-push/, () => [["bot", "push", "relay the outbox: job for ai-agent"]]],
  [
    /consumer of cv-index\S* ← ai-agent rows take/,
    () => [["consumers", "agent", "take rows to index (queue cv-index)"]],
  ],
  [/consumer of cv-index\S* ← workers-ai run/, () => [["consumers", "index", "embed the texts"]]],
  [/consumer of cv-index\S* ← vectorize upsert/, () => [["consumers", "index", "write vectors, read them back"]]],
  [/consumer of cv-index\S* ← ai-agent rows report/, () => [["consumers", "agent", "report what the index holds"]]],
];

const messagesOf = (lines: readonly string[]): Message[] => {
  const start = lines.findIndex((line) => line.includes("/cv push"));
  return lines.slice(start).flatMap((line) => {
    for (const [pattern, messages] of rules) {
      const match = pattern.exec(line);
      if (match) return messages(match);
    }
    return [];
  });
};

const product = await loadProduct(await bundleProduct(null));
const { world } = await printPushStory(product, openDatabases(null), { keepTrace: true });
const { lines } = world.runtime.trace;
const arrows = messagesOf(lines).map(
  ([from, to, text, isAnswer]) => `  ${from}${isAnswer ? "-->>" : "->>"}${to}: ${text}`,
);
const cards = new Set(
  lines.flatMap((line) => /slack_outbox\.written.*"kind":"(\w+)"/.exec(line)?.[1]?.replaceAll("_", " ") ?? []),
);

const picture = [
  "```mermaid",
  "sequenceDiagram",
  ...Object.entries(participants).map(([id, name]) => `  participant ${id} as ${name}`),
  ...new Set(arrows),
  `  bot->>slack: meanwhile and within the rate limits: cards (${[...cards].join(", ")})`,
  "```",
];

writeGeneratedPart("docs/explanation/architecture.md", "push", picture.join("\n"), "npm run docs");
