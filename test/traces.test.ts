/**
 * Every line of the log belongs to a trace, because whatever calls a Worker opens one: its handlers, and the methods of
 * its classes that the platform or another Worker calls.
 */
import { describe, expect, test } from "vitest";
import { isTest, readTree } from "../tools/scripts/tree.ts";

const product = readTree().filter(
  ({ path }) => /^(bot|consumers|shared|targets)\//.test(path) && !isTest(path) && !path.endsWith(".d.ts"),
);

/** What opens no trace. It writes no line of the log, and nor does what it calls. */
const withoutTrace: Record<string, string> = {
  "JobOrchestrator.watch": "sets an alarm",
  "SlackOutbox.wake": "sets an alarm",
  "PendingCommands.take": "stores",
  "PendingCommands.wake": "sets an alarm",
  "EventHub.webSocketClose": "forgets a client",
  "RateLimiter.take": "counts",
  "IndexRows.submitted": "one statement",
};

/** Where another trace is begun than that of the code that runs. */
const makesTraceIds: Record<string, string> = {
  "shared/log.ts": "for what brings none",
  "bot/slack/core/check-tokens.ts": "cron: each workspace has one of its own",
  "bot/slack/core/presence.ts": "cron: each person has one of their own",
};

const opens = /\binTrace\(/;

interface Entry {
  name: string;
  opensTrace: boolean;
}

/** Methods that come from outside: those that are not private, as the formatter indents them. */
const methodsOf = (code: string): Entry[] =>
  [...code.matchAll(/^export class (\w+) extends (?:DurableObject|WorkerEntrypoint)\b[\s\S]*?^\}/gm)].flatMap(
    ([body, owner = ""]) =>
      [...body.matchAll(/^ {2}(?:override )?(?:async )?(\w+)\([\s\S]*?^ {2}\}/gm)]
        .filter(([, name]) => name !== "constructor")
        .map(([text, name = ""]) => ({ name: `${owner}.${name}`, opensTrace: opens.test(text) })),
  );

/** The router's first handler is that of each request. */
const routersOpenTrace = (code: string): boolean =>
  /new Hono\b[\s\S]*?\bapp\.use\("\*", [^;]*?\binTrace\([\s\S]*?;/.exec(code)?.[0].match(/\bapp\./g)?.length === 1;

const routers: Record<string, string> = {
  "bot/index.ts": "bot/app.ts",
  "targets/d1cv/index.ts": "targets/service/routes.ts",
  "targets/ai-agent/index.ts": "targets/service/routes.ts",
};

const handlersOf = (path: string, code: string): Entry[] =>
  [...code.matchAll(/^export default \{\n([\s\S]*?)^\} satisfies ExportedHandler/gm)].flatMap(([, body = ""]) =>
    [...body.matchAll(/^ {2}(\w+)\b[\s\S]*?(?=^ {2}\w|(?![\s\S]))/gm)].map(([text, name = ""]) => {
      const router = text.includes("app.fetch") ? product.find((each) => each.path === routers[path]) : undefined;
      return { name: `${path} ${name}`, opensTrace: router ? routersOpenTrace(router.code) : opens.test(text) };
    }),
  );

const entries = product.flatMap(({ path, code }) => [...methodsOf(code), ...handlersOf(path, code)]);

describe("the reader of entries", () => {
  test("the reader of entries finds handlers and public methods", () => {
    expect(entries.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "bot/index.ts fetch",
        "bot/index.ts scheduled",
        "consumers/index.ts queue",
        "targets/d1cv/index.ts fetch",
        "targets/ai-agent/index.ts scheduled",
        "EventHub.webSocketMessage",
        "IndexRows.report",
        "PendingCommands.alarm",
      ]),
    );
    const source = `export class A extends DurableObject<Env> {
  constructor(a: X) {
    super(a);
  }

  override alarm(): Promise<void> {
    return inTrace(null, () => this.#ring());
  }

  async #ring(): Promise<void> {
    log("a.rang");
  }

  async wake(
    at: number,
  ): Promise<void> {
    log("a.woken");
  }
}
export default {
  fetch: (request) => answer(request),
  scheduled: ({ cron }) =>
    inTrace(null, () => sweep(cron)),
} satisfies ExportedHandler;
`;
    expect([...methodsOf(source), ...handlersOf("x.ts", source)]).toEqual([
      { name: "A.alarm", opensTrace: true },
      { name: "A.wake", opensTrace: false },
      { name: "x.ts fetch", opensTrace: false },
      { name: "x.ts scheduled", opensTrace: true },
    ]);
    const first = 'const app = new Hono();\napp.use("*", (c, next) => inTrace(null, next));\n';
    expect(routersOpenTrace(`${first}app.get("/", home);`)).toBe(true);
    expect(routersOpenTrace(first.replace("\n", '\napp.get("/", home);\n'))).toBe(false);
  });
});

describe("traces of the log", () => {
  test("whatever calls a Worker opens a trace, or writes no line", () => {
    const without = entries.filter(({ opensTrace }) => !opensTrace).map(({ name }) => name);
    expect(without.toSorted()).toEqual(Object.keys(withoutTrace).toSorted());
  });

  test("a trace id is made where a trace begins, and nowhere else", () => {
    const making = product.filter(({ code }) => /\bnewTraceId\(/.test(code)).map(({ path }) => path);
    expect(making.toSorted()).toEqual(Object.keys(makesTraceIds).toSorted());
  });

  test("only the log writes to the console", () => {
    const writing = product.filter(({ code }) => /\bconsole\./.test(code)).map(({ path }) => path);
    expect(writing).toEqual(["shared/log.ts"]);
  });
});
