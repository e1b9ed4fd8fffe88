import { type ReactNode, useId, useState } from "react";
import type { ShownCommit } from "./shown-commit.ts";
import { usePeople } from "../data/people.ts";
import { useChecks, useMe } from "../data/queries.ts";
import { Button } from "../components/button.tsx";
import { Menu } from "../components/menu.tsx";
import { useCommitActions } from "./use-commit-actions.ts";
import { type ActionName, type Offer, isInProgress, offersFor } from "./offered.ts";
import { type Asked, Question } from "./question.tsx";
import { appliedEverywhere } from "../../../shared/domain/commits/commit.ts";

interface CommitButtonsProps {
  commit: ShownCommit;
  /** Whether the targets are asked before a push is offered; else what is recorded counts, and the push asks. */
  checked?: boolean;
  /** Buttons for what is possible now; the rest is in the menu, with its reason. */
  isShort?: boolean;
  /** Default: every action. */
  only?: readonly ActionName[];
}

/** Buttons for the actions on a commit; rare actions are in a menu. */
export const CommitButtons = ({ commit, only, checked = false, isShort = false }: CommitButtonsProps): ReactNode => {
  const me = useMe().data;
  const people = usePeople();
  const isPushable = commit.review === "approved" && commit.status !== appliedEverywhere && !isInProgress(commit);
  const checks = useChecks(commit.number, isPushable && checked).data ?? null;
  const [asked, setAsked] = useState<Asked | null>(null);
  const actions = useCommitActions(commit);
  const reasonId = useId();
  if (!me) return null;
  const all = offersFor(commit, checks, { me, nameOf: people.nameOf });
  const offers = only ? all.filter(({ name }) => only.includes(name)) : all;
  const isSolo = me.mode === "solo" && commit.author === me.userId;
  const start = ({ name, scope }: Offer): void => {
    if (name === "push") void actions.push.start({ scope: scope ?? "all" });
    else if (name === "retry" || name === "review" || name === "withdraw") void actions[name].start();
    else if (name === "approve" && !isSolo) void actions.approve.start();
    else setAsked(name);
  };
  const isShown = (offer: Offer): boolean => isPlain(offer) && !(isShort && offer.blocked !== null);
  const shown = offers.filter(isShown);
  const more = offers.filter((offer) => !isShown(offer));
  const reason = shown.find(({ blocked }) => blocked !== null)?.blocked ?? null;
  return (
    <div className="actions">
      <div className="buttons">
        {shown.map((offer) => (
          <Button
            key={`${offer.name}-${offer.scope ?? ""}`}
            look={lookOf(offer)}
            isSmall
            aria-disabled={offer.blocked !== null || actions.isBusy}
            aria-describedby={offer.blocked === null ? undefined : reasonId}
            onClick={() => start(offer)}
          >
            {labelOf(offer, commit)}
          </Button>
        ))}
        {more.length > 0 && (
          <Menu
            label={`More for commit #${commit.number}`}
            items={more.map((offer) => ({
              label: labelOf(offer, commit),
              note: offer.blocked,
              isDangerous: offer.name === "drop",
              choose: () => start(offer),
            }))}
          />
        )}
      </div>
      {reason !== null && (
        <p className="fine" id={reasonId}>
          {reason}
        </p>
      )}
      {asked !== null && (
        <Question asked={asked} number={commit.number} actions={actions} close={() => setAsked(null)} />
      )}
    </div>
  );
};

/** Visible buttons: the actions that move the commit on. */
const isPlain = ({ name, scope }: Offer): boolean =>
  ["approve", "reject", "withdraw", "retry", "cancel"].includes(name) ||
  (name === "push" && (scope === "all" || scope === undefined));

const lookOf = ({ name, blocked }: Offer): "primary" | "danger-quiet" | undefined => {
  if (name === "cancel") return "danger-quiet";
  if (name === "withdraw") return undefined;
  return name !== "reject" && blocked === null ? "primary" : undefined;
};

const labels: Record<ActionName, string> = {
  approve: "Approve",
  reject: "Reject…",
  withdraw: "Withdraw approval",
  push: "Push to all",
  retry: "Retry",
  cancel: "Cancel the push…",
  review: "Ask for review",
  reopen: "Reopen…",
  drop: "Drop…",
};

const labelOf = ({ name, scope }: Offer, { review }: Pick<ShownCommit, "review">): string => {
  if (name === "push" && scope !== undefined && scope !== "all") return `Push to ${scope}`;
  return name === "review" && review === "in_review" ? "Ask for review again" : labels[name];
};
