/** Targets, without their secrets. */
import type { KnownBlock } from "@slack/types";
import type { ListedTarget } from "../../../shared/use-cases/targets/list-targets.ts";
import type { LookedAtTarget } from "../../../shared/use-cases/targets/look-at-targets.ts";
import type { MovedTarget } from "../../../shared/use-cases/targets/move-target.ts";
import type { RotatedTarget } from "../../../shared/use-cases/targets/rotate-target-secrets.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { actions, blocksOf, context, header, section } from "../blocks/blocks.ts";
import { code, quoted } from "../blocks/text.ts";
import { commandButton } from "../core/buttons/command-button.ts";
import { type Reply, say } from "../core/reply.ts";

const healthTexts: Record<ListedTarget["health"], string> = {
  closed: ":white_check_mark: pushes go there",
  open: ":no_entry: does not answer, so pushes wait",
  half_open: ":hourglass_flowing_sand: is being tried, and pushes wait",
};

const targetLines = ({ name, alias, portfolioId, url, health }: ListedTarget): string =>
  `*${quoted(name)}*${alias === null ? "" : ` (${quoted(alias)})`}  ·  portfolio ${code(portfolioId, 100)}  ·  ${url === null ? "a service of the operator's" : quoted(url, 200)}\n${healthTexts[health]}`;

const versionText = ({ version }: LookedAtTarget): string =>
  version === null ? "It says no version." : `Version ${code(version, 60)}.`;

const targetRow = (target: ListedTarget): KnownBlock => ({
  ...section(targetLines(target)),
  accessory: commandButton("go", "Show", `targets show ${target.name}`),
});

export const targetReply = (target: LookedAtTarget): Reply => {
  const { name } = target;
  return {
    text: `Target ${name}`,
    blocks: [
      section(`${targetLines(target)}\n${versionText(target)}`),
      actions(
        commandButton("do", "Test", `targets test ${name}`),
        commandButton("go", "New secrets…", `targets rotate ${name}`),
        commandButton("do", "Push earlier", `targets earlier ${name}`),
        commandButton("do", "Push later", `targets later ${name}`),
        commandButton("do", "Remove", `targets remove ${name}`, {
          style: "danger",
          confirm: {
            title: "Remove the target?",
            text: `Pushes go to ${name} no more, and its secrets are deleted. What was pushed stays in the history.`,
            confirm: "Remove",
            danger: true,
          },
        }),
        commandButton("go", "All targets", "targets"),
      ),
    ],
    again: `targets show ${name}`,
  };
};

export const targetsReply = (all: readonly ListedTarget[]): Reply => ({
  text: all.length === 0 ? "There are no targets." : plural(all.length, "target"),
  blocks: blocksOf(
    header("Targets"),
    all.length === 0 && section("There are no targets yet. A target is a service that gets the portfolio by pushes."),
    all.map(targetRow),
    actions(
      commandButton("go", "Add a target…", "targets add"),
      all.length > 0 && commandButton("do", "Reconcile after a rewind", "reconcile"),
    ),
    context("In the order of a push. Secrets are stored encrypted, and shown nowhere."),
  ),
  again: "targets",
});

const backButton = () => commandButton("go", "All targets", "targets");

export const testedReply = (name: string): Reply =>
  say(`:white_check_mark: ${code(name)} answers, and takes the read token and our signature. Nothing was changed.`);

export const addedReply = ({ name }: { name: string }): Reply =>
  say(`${code(name)} took the secrets and is added. Pushes go there after the other targets.`, backButton());

export const rotatedReply = ({ name, webhookSecrets }: RotatedTarget): Reply => {
  const before =
    webhookSecrets > 1 ? " Its webhooks may be signed with the secret before as well, until the next change." : "";
  return say(`${code(name)} took the secrets, and they count from now on.${before}`, backButton());
};

export const movedReply = ({ name, order }: MovedTarget): Reply => ({
  ...say(
    `Pushes go to ${order.map((each) => code(each)).join(", then ")} from now on: ${code(name)} is number ${order.indexOf(name) + 1}.`,
    backButton(),
  ),
});

export const removedReply = ({ name }: { name: string }): Reply => ({
  ...say(`${code(name)} is removed, with its secrets. What was pushed there stays in the history.`),
  again: "targets",
});
