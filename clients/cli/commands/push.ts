import { numberFrom, noMore } from "../arguments.ts";
import { type Command, exit } from "../command.ts";
import { followOptions, followToEnd, readFollow } from "../follow.ts";
import { commitLine, pushLines } from "../lines.ts";

export const push: Command = {
  name: "push",
  usage: "<commit> [all|<target>] [--follow [--verified] [--timeout 10m]]",
  summary: "Pushes an approved commit to its targets, one after the other.",
  examples: ["cv push 42", "cv push 42 all --follow", "cv push 42 --follow --verified --timeout 10m"],
  options: followOptions,
  run: async (call) => {
    const { client, args, out } = call;
    noMore(args.words, 2);
    const commit = numberFrom(args.words[0], "a commit");
    const follow = readFollow(args);
    const started = await client.startPush({ scope: args.words[1] ?? "all" }, { commit });
    if (follow) {
      out.passing(started, ({ number }) => `Push #${number} has started.`);
      return followToEnd(call, started, follow);
    }
    out.show(started, ({ number, jobs }) => [
      `Push #${number} of commit #${commit} to ${jobs.map(({ target }) => target).join(", then ")} has started: cv status ${commit} --follow`,
    ]);
    return exit.done;
  },
};

export const retry: Command = {
  name: "retry",
  usage: "<commit> [all|<target>] [--follow [--verified] [--timeout 10m]]",
  summary: "Sends what failed again. An unknown outcome is asked for first.",
  examples: ["cv retry 42", "cv retry 42 --follow"],
  options: followOptions,
  run: async (call) => {
    const { client, args, out } = call;
    noMore(args.words, 2);
    const number = numberFrom(args.words[0], "a commit");
    const follow = readFollow(args);
    const [, target] = args.words;
    const retried = await client.retryPush({ number }, target === undefined ? {} : { target });
    const newest = follow ? (await client.showCommit({ number })).pushes[0] : undefined;
    if (follow && newest) return followToEnd(call, newest, follow);
    out.show(retried, ({ meta: { target, attempt } }) => [
      `Sent commit #${number} to ${target} again, attempt ${attempt}.`,
    ]);
    return exit.done;
  },
};

export const cancel: Command = {
  name: "cancel",
  usage: "<commit>",
  summary: "Takes back what no target has applied yet.",
  examples: ["cv cancel 42"],
  options: [],
  run: async ({ client, args, out }) => {
    noMore(args.words, 1);
    const number = numberFrom(args.words[0], "a commit");
    out.show(await client.cancelPush({ number }), ({ meta: { cancelled, applied, unknown } }) => [
      `Cancelled at ${cancelled.join(", ") || "no target"}.`,
      ...applied.map((target) => `${target} had applied it before.`),
      ...unknown.map((target) => `${target} gave no answer; it is asked again.`),
    ]);
    return exit.done;
  },
};

export const status: Command = {
  name: "status",
  usage: "[commit] [--follow [--verified] [--timeout 10m]]",
  summary: "Where a commit and its newest push stand; without a commit, your action items.",
  examples: ["cv status", "cv status 42", "cv status 42 --follow"],
  options: followOptions,
  run: async (call) => {
    const { client, args, out, named } = call;
    noMore(args.words, 1);
    const follow = readFollow(args);
    if (args.words.length === 0 && !follow) {
      out.show(await named(await client.listActionItems()), actionItemLines(call));
      return exit.done;
    }
    const number = numberFrom(args.words[0], "a commit");
    const shown = await client.showCommit({ number });
    const [newest] = shown.pushes;
    if (follow && newest) return followToEnd(call, newest, follow);
    if (follow) out.tell(`Commit #${number} was never pushed: cv push ${number} --follow`);
    out.show(await named(shown), (commit) => [
      commitLine(commit, out.paint),
      ...commit.targets.map(({ target, state }) => `${target}: ${state.replace("_", " ")}`),
      ...commit.pushes.slice(0, 1).flatMap((each) => pushLines(each, out.paint)),
    ]);
    return follow ? exit.refused : exit.done;
  },
};

type ActionItems = Awaited<ReturnType<Parameters<Command["run"]>[0]["client"]["listActionItems"]>>;

const actionItemLines =
  ({ out }: Parameters<Command["run"]>[0]) =>
  ({ actionItems, onTheWay, waiting, down }: ActionItems): string[] => {
    const step = ({ kind, commit, count, who }: ActionItems["actionItems"][number], ofOthers: boolean): string =>
      [
        `${kind}:`,
        commit ? commitLine(commit, out.paint) : String(count ?? ""),
        ofOthers ? `(${who.join(" or ")})` : "",
      ]
        .filter((part) => part !== "")
        .join(" ");
    const lines = [
      ...actionItems.map((each) => step(each, false)),
      ...onTheWay.map(({ commit, percent }) => `on its way, ${percent} %: ${commitLine(commit, out.paint)}`),
      ...waiting.map((each) => `waits to ${step(each, true)}`),
      ...down.map(({ target }) => out.paint("yellow", `${target} does not answer: pushes to it wait.`)),
    ];
    return lines.length > 0 ? lines : ["No action items."];
  };
