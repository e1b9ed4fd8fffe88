/** What can be done with a commit next. Everything is offered to everybody: a verb says who may. */
import type { ActionsBlockElement, Button, Overflow } from "@slack/types";
import { hasStarted } from "../../../shared/domain/commit.ts";
import { encodeButton } from "../actions/codec.ts";
import { menu, menuOption } from "../actions/command-button.ts";
import { button } from "./blocks.ts";
import type { CommitCardState } from "./state.ts";

export const commitButtons = (state: CommitCardState): ActionsBlockElement[] => {
  const { commit } = state;
  if (commit.review === "dropped" || commit.review === "reopened") return [];
  const details = button("Details", encodeButton("commit.diff", { number: commit.number, seenHash: commit.hash }));
  return [...nextStep(state), details, more(state)];
};

/** One of them at most is primary. */
const nextStep = (state: CommitCardState): Button[] => {
  if (state.commit.review === "in_review") return reviewButtons(state);
  return state.commit.review === "approved" ? pushButtons(state) : [];
};

const reviewButtons = ({ commit, mode }: CommitCardState): Button[] => {
  const value = { number: commit.number, seenHash: commit.hash };
  const confirmSolo = {
    title: `Approve commit #${commit.number}?`,
    text: "Solo mode: nobody else looks at it before it can be pushed.",
    confirm: "Approve",
  };
  return [
    button("Approve", encodeButton("commit.approve", value), {
      style: "primary",
      ...(mode === "solo" ? { confirm: confirmSolo } : {}),
    }),
    button("Reject", encodeButton("commit.reject", value), { style: "danger" }),
  ];
};

/** Slack takes 25 elements in a row: a push to one of even more targets is typed. */
const mostTargets = 22;

const pushButtons = ({ commit, targets }: CommitCardState): Button[] => {
  const pushable = targets.filter(({ state: at }) => at === "pending").slice(0, mostTargets);
  if (commit.status === "failed" || pushable.length === 0) return [];
  if (targets.some(({ state: at }) => at === "in_flight")) return [];
  const value = { number: commit.number, seenHash: commit.hash };
  const untouched = !hasStarted(targets) && pushable.length > 1;
  const [first] = pushable;
  const toAll = button("Push to all", encodeButton("commit.push", { ...value, target: "all" }), { style: "primary" });
  return [
    ...(untouched ? [toAll] : []),
    ...pushable.map((each) =>
      button(
        `Push to ${each.target}`,
        encodeButton("commit.push", { ...value, target: each.target }),
        !untouched && each === first ? { style: "primary" } : {},
      ),
    ),
  ];
};

/** Drop discards changes for good and a menu has one confirmation for all its entries: Drop is typed, or done on Home. */
const more = ({ commit, targets }: CommitCardState): Overflow => {
  const { number, review } = commit;
  return menu(
    menuOption("go", "Why", `why ${number}`),
    menuOption("go", "Status", `status ${number}`),
    menuOption("go", "Log", "log"),
    ...(review === "draft" ? [menuOption("do", "Ask for review", `review ${number}`)] : []),
    ...(review === "in_review" ? [menuOption("do", "Post again", `review ${number}`)] : []),
    ...(hasStarted(targets) ? [] : [menuOption("do", "Reopen", `reopen ${number}`)]),
  );
};
