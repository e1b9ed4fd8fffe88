import type { ReplyOf } from "../../../shared/contract/operations.ts";
import type { ApiCommit } from "../../../shared/contract/resources.ts";
import { othersActionItem, ownActionItem, unreadableRowMessage } from "../../../shared/messages/en/action-items.ts";
import { type Message, message } from "../../../shared/messages/message.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { commitFrom } from "../arguments.ts";
import { type Command, exit } from "../command.ts";
import { followOptions, followToEnd, followUsage, readFollow } from "../follow.ts";
import { commitLine, pushLines } from "../lines.ts";
import type { Paint } from "../output.ts";

export const push: Command = {
  name: "push",
  usage: `<commit> [all|<target>] ${followUsage}`,
  summary: "Pushes an approved commit to its targets, one after the other.",
  examples: ["cv push 42", "cv push 42 all --follow", "cv push 42 --follow --verified --timeout 10m"],
  options: followOptions,
  maxWords: 2,
  run: async (call) => {
    const { client, args, out } = call;
    const commit = commitFrom(args);
    const follow = readFollow(args);
    const started = await client.startPush({ scope: args.words[1]?.toLowerCase() ?? "all" }, { commit });
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
  usage: `<commit> [all|<target>] ${followUsage}`,
  summary: "Sends what failed again. An unknown outcome is checked first.",
  examples: ["cv retry 42", "cv retry 42 --follow"],
  options: followOptions,
  maxWords: 2,
  run: async (call) => {
    const { client, args, out } = call;
    const number = commitFrom(args);
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
  summary: "Cancels the push at every target that has not applied it yet.",
  examples: ["cv cancel 42"],
  maxWords: 1,
  run: async ({ client, args, out }) => {
    const number = commitFrom(args);
    out.show(await client.cancelPush({ number }), ({ meta: { cancelled, applied, unknown } }) => [
      `Cancelled at ${cancelled.join(", ") || "no target"}.`,
      ...applied.map((target) => `${target} had already applied it.`),
      ...unknown.map((target) => `${target} gave no answer; its outcome is checked again.`),
    ]);
  },
};

export const status: Command = {
  name: "status",
  usage: `[commit] ${followUsage}`,
  summary: "Shows a commit and its newest push; without a commit, your action items.",
  examples: ["cv status", "cv status 42", "cv status 42 --follow"],
  options: followOptions,
  maxWords: 1,
  run: async (call) => {
    const { client, args, out, named } = call;
    const follow = readFollow(args);
    if (args.words.length === 0 && !follow) {
      out.show(await named(await client.listActionItems()), (items) => actionItemLines(items, out.paint));
      return exit.done;
    }
    const number = commitFrom(args);
    const shown = await client.showCommit({ number });
    const [newest] = shown.pushes;
    if (follow && newest) return followToEnd(call, newest, follow);
    if (follow) out.note(`Commit #${number} was never pushed: cv push ${number} --follow`);
    out.show(await named(shown), (commit) => [
      commitLine(commit, out.paint),
      ...commit.targets.map(({ target, state }) => `${target}: ${state.replace("_", " ")}`),
      ...commit.pushes.slice(0, 1).flatMap((each) => pushLines(each, out.paint)),
    ]);
    return follow ? exit.refused : exit.done;
  },
};

const actionItemLines = (
  { actionItems, onTheWay, waiting, down, unreadable }: ReplyOf<"listActionItems">,
  paint: Paint,
) => {
  const line = (commit: ApiCommit | null, text: Message): string =>
    [...(commit ? [commitLine(commit, paint)] : []), plainText(text)].join(": ");
  const lines = [
    ...actionItems.map((item) => line(item.commit, ownActionItem(item))),
    ...unreadable.map((row) => `  ${plainText(unreadableRowMessage(row))}`),
    ...onTheWay.map(({ commit, percent }) => line(commit, message`in progress, ${percent} %`)),
    ...waiting.map((item) => line(item.commit, othersActionItem(item))),
    ...down.map(({ target }) => paint("yellow", `${target} does not answer: pushes to it wait.`)),
  ];
  return lines.length > 0 ? lines : ["You have no action items."];
};
