import { differenceMessage, elsewhereMessage } from "../../../shared/messages/en/differences.ts";
import { reconciledMessages } from "../../../shared/messages/en/reconciliation.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { entityTypes } from "../../../shared/domain/portfolio/registry.ts";
import { rowFrom } from "../by-name.ts";
import { endLines, selfLine } from "./login.ts";
import { WrongUsage, numberFrom } from "../arguments.ts";
import { type Command, exit } from "../command.ts";
import { commitLine, eventLine, linesOf, pushLines } from "../lines.ts";

const usualEvents = 20;

export const log: Command = {
  name: "log",
  usage: "[--follow] [--limit 20]",
  summary: "Lists the latest events, newest first; with --follow, oldest first and then live.",
  examples: ["cv log", "cv log --follow --json"],
  options: [
    { name: "follow", summary: "shows events as they happen, until Ctrl-C" },
    { name: "limit", value: "1 to 100", summary: "how many of the latest events" },
  ],
  run: async ({ client, args, out, named, interrupted }) => {
    const { limit, follow } = args.options;
    const recent = await client.recentEvents({
      limit: typeof limit === "string" ? numberFrom(limit, "events to list") : usualEvents,
    });
    if (follow === undefined) {
      out.show(await named(recent), ({ events }) =>
        linesOf(events, (event) => eventLine(event, out.paint), "Nothing has happened yet."),
      );
      return exit.done;
    }
    // Before anything is printed: who reads it may press Ctrl-C at once.
    const signal = interrupted();
    const show = (event: (typeof recent.events)[number]): void =>
      out.show(event, (shown) => [eventLine(shown, out.paint)]);
    for (const event of (await named(recent)).events.toReversed()) show(event);
    const lastEventId = recent.events[0]?.id ?? 0;
    for await (const event of client.follow({ workspace: true }, { lastEventId, signal })) {
      // The log leaves out the progress of jobs.
      if (out.isJson || event.type !== "job.progress") show(await named(event));
    }
    return exit.interrupted;
  },
};

export const search: Command = {
  name: "search",
  usage: "<words>",
  summary: "Finds rows of the portfolio by meaning, and commits by their words.",
  examples: ['cv search "systems programming"'],
  options: [{ name: "limit", value: "1 to 50", summary: "how many" }],
  maxWords: Number.POSITIVE_INFINITY,
  run: async ({ client, args, out }) => {
    const { limit } = args.options;
    const q = args.words.join(" ");
    if (q.trim() === "") throw new WrongUsage("Say what to look for.");
    const found = await client.search({
      q,
      ...(typeof limit === "string" && { limit: numberFrom(limit, "rows to find") }),
    });
    out.show(found, ({ hits, commits }) => {
      const lines = [
        ...hits.map(({ score, entityType, id, name }) => `${score.toFixed(2)}  ${entityType} ${name} (${id})`),
        ...commits.map((commit) => commitLine(commit, out.paint)),
      ];
      return lines.length > 0 ? lines : ["No row fits, and no commit has these words."];
    });
  },
};

export const verify: Command = {
  name: "verify",
  usage: "[push|fix|accept <target> <type> <row>]",
  summary: "Compares the rows of the targets with what was pushed. Fails when they differ, or one gives no answer.",
  examples: [
    "cv verify",
    "cv verify push d1 technology python-1",
    "cv verify fix d1 technology python-1",
    "cv verify accept d1 technology Python",
  ],
  maxWords: 4,
  run: async ({ client, args, out, named }) => {
    const [word, target, entityType, entityId] = args.words;
    if (word !== undefined) {
      if (target === undefined || entityType === undefined || entityId === undefined) {
        throw new WrongUsage("Say which row: a target, an entity type, and its id or name.");
      }
      const type = entityTypes.find((each) => each === entityType.toLowerCase());
      const row = { target, entityType, entityId: type ? await rowFrom(client, type, entityId) : entityId };
      if (word === "push") {
        out.show(await named(await client.pushAgain(row)), (push) => pushLines(push, out.paint));
      } else if (word === "fix") {
        out.show(await client.stageFix(row), ({ number, summary }) => [`Staged as change ${number}: ${summary}`]);
      } else if (word === "accept") {
        out.show(await client.acceptLive(row), () => [
          `${entityType} ${row.entityId} is accepted as it is live at ${target}.`,
        ]);
      } else throw new WrongUsage(`${word} is not push, fix or accept.`);
      return exit.done;
    }
    const verified = await client.verify();
    out.show(verified, ({ targets, differences }) => [
      ...targets.map(({ target, found, problem }) =>
        found === null
          ? out.paint("red", `${target}: ${problem ?? "no answer"}`)
          : `${target}: ${found.d1Count} rows${found.vectorCount === null ? "" : `, ${found.vectorCount} vectors`}`,
      ),
      ...targets.flatMap(({ target, unreadable }) =>
        unreadable.map(({ id, cause }) =>
          out.paint("red", `${target}: row ${id ?? "without an id"} cannot be read: ${cause}`),
        ),
      ),
      ...differences.flatMap((difference) => [
        out.paint("red", plainText(differenceMessage(difference))),
        ...(difference.elsewhere.length > 0 ? [`  ${plainText(elsewhereMessage(difference.elsewhere))}`] : []),
        ...(difference.pushAgain === null ? [] : [`  commit #${difference.pushAgain} can be pushed again`]),
      ]),
    ]);
    const isGood =
      verified.differenceCount === 0 &&
      verified.targets.every(({ found, unreadable }) => found !== null && unreadable.length === 0);
    return isGood ? exit.done : exit.refused;
  },
};

export const reconcile: Command = {
  name: "reconcile",
  usage: "[<target>]",
  summary:
    "After a database was put back in time: each side gets what it lacks of the other. Fails where that is not all.",
  examples: ["cv reconcile", "cv reconcile d1"],
  options: [{ name: "skip-numbers", summary: "leaves numbers out, also where no target has more than the bot" }],
  maxWords: 1,
  run: async ({ client, args, out }) => {
    const [target] = args.words;
    const skipNumbers = args.options["skip-numbers"] !== undefined;
    let reconciled = await client.reconcile({ ...(target !== undefined && { target }), skipNumbers });
    const more = (): number => reconciled.targets.reduce((sum, each) => sum + each.more, 0);
    for (let before = Infinity; ; before = more()) {
      out.show(reconciled, (shown) => reconciledMessages(shown).map((each) => plainText(each)));
      // A target that is stuck is not asked for ever.
      if (more() === 0 || more() >= before) break;
      reconciled = await client.reconcile({ ...(target !== undefined && { target }) });
    }
    const isWhole = reconciled.targets.every(({ left, problem }) => left.length === 0 && problem === null);
    return isWhole ? exit.done : exit.refused;
  },
};

export const whoami: Command = {
  name: "whoami",
  usage: "",
  summary: "Shows whose token it is, where cv has it from, and what it may do.",
  examples: ["cv whoami"],
  run: async ({ account, baseUrl, client, out, named }) => {
    const tokenFrom = account.tokenFor(baseUrl)?.from ?? null;
    out.show({ ...(await named(await client.whoAmI())), tokenFrom }, (me) => [
      selfLine(me),
      ...endLines(me),
      `The token is from ${tokenFrom ?? "nowhere"}, for ${new URL(baseUrl).origin}.`,
      `May: ${me.permissions.join(", ")}`,
      `Targets: ${me.targets.join(", ")}`,
    ]);
  },
};
