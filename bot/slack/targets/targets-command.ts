import {
  listServices,
  lookAtTarget,
  showTarget,
  targetsToManage,
} from "../../../shared/use-cases/targets/look-at-targets.ts";
import type { Move } from "../../../shared/domain/pushes/target-moves.ts";
import { moveTarget } from "../../../shared/use-cases/targets/move-target.ts";
import { removeTarget } from "../../../shared/use-cases/targets/remove-target.ts";
import { testTarget } from "../../../shared/use-cases/targets/test-target.ts";
import { code } from "../blocks/text.ts";
import { type CommandCall, usageOf } from "../core/commands/command.ts";
import { withSubcommands } from "../core/commands/subcommands.ts";
import { type Answer, type Reply, answer } from "../core/reply.ts";
import { addTargetView } from "./add-target-modal.ts";
import { rotateTargetView } from "./rotate-target-modal.ts";
import { movedReply, removedReply, targetReply, targetsReply, testedReply } from "./targets-reply.ts";

const list = ({ ctx }: CommandCall): Promise<Reply> => answer(targetsToManage(ctx), targetsReply);

/** What is typed into a command is read by others, so that a form asks for the secrets. */
const add = async ({ ctx }: CommandCall, [extra]: string[]): Promise<Answer> =>
  extra === undefined
    ? answer(listServices(ctx), addTargetView)
    : usageOf(targets, `${code(extra, 40)} is too much: a form asks for everything.`);

/** Those that take the name of a target, and nothing else. */
const ofTarget =
  (run: (call: CommandCall, target: string) => Promise<Answer>) =>
  async (call: CommandCall, [target, extra]: string[]): Promise<Answer> => {
    if (target === undefined) return usageOf(targets, "Say which target, by its name.");
    return extra === undefined ? run(call, target) : usageOf(targets, `${code(extra, 40)} is too much.`);
  };

const show = ofTarget(({ ctx }, typed) => answer(lookAtTarget(ctx, typed), targetReply));
const test = ofTarget(({ ctx }, target) => answer(testTarget(ctx, { target }), ({ name }) => testedReply(name)));
const rotate = ofTarget(({ ctx }, target) => answer(showTarget(ctx, target), rotateTargetView));
const moved = (move: Move) => ofTarget(({ ctx }, target) => answer(moveTarget(ctx, { target, move }), movedReply));
const remove = ofTarget(({ ctx }, target) => answer(removeTarget(ctx, { target }), removedReply));

export const targets = withSubcommands({
  name: "targets",
  usage: "[add|show|test|rotate|first|earlier|later|remove] [<target>]",
  summary: "Lists where pushes go; adds, tests, orders or removes targets, and takes new secrets.",
  examples: [
    "/cv targets",
    "/cv targets add",
    "/cv targets show archive",
    "/cv targets test archive",
    "/cv targets rotate archive",
    "/cv targets first archive",
    "/cv targets remove archive",
  ],
  permission: "targets",
  noun: "target",
  list,
  general: {
    add,
    show,
    test,
    rotate,
    first: moved("first"),
    earlier: moved("earlier"),
    later: moved("later"),
    remove,
  },
  numbered: {},
});
