import { type ReactNode, useId, useState } from "react";
import type { ApiCommitDetail } from "../../../shared/contract/resources.ts";
import { usePeople } from "../data/people.ts";
import { useChecks, useMe } from "../data/queries.ts";
import { Confirm } from "../components/dialog.tsx";
import { Menu } from "../components/menu.tsx";
import { type CommitActions, useCommitActions } from "./use-commit-actions.ts";
import { type ActionName, type Offer, isOnItsWay, offersFor } from "./offered.ts";
import { RejectDialog } from "./reject-dialog.tsx";
import { appliedEverywhere } from "../../../shared/domain/commits/commit.ts";

type Asked = "reject" | "drop" | "reopen" | "cancel" | "approve";

/** Buttons for the actions on a commit; rare actions are in a menu. */
export const CommitButtons = ({ commit }: { commit: ApiCommitDetail }): ReactNode => {
  const me = useMe().data;
  const people = usePeople();
  const isPushable = commit.review === "approved" && commit.status !== appliedEverywhere && !isOnItsWay(commit);
  const checks = useChecks(commit.number, isPushable).data ?? null;
  const [asked, setAsked] = useState<Asked | null>(null);
  const actions = useCommitActions(commit);
  const reasonId = useId();
  if (!me) return null;
  const offers = offersFor(commit, checks, { me, nameOf: people.nameOf });
  const isSolo = me.mode === "solo" && commit.author === me.userId;
  const start = ({ name, scope }: Offer): void => {
    if (name === "push") void actions.push.start({ scope: scope ?? "all" });
    else if (name === "retry") void actions.retry.start({});
    else if (name === "review") void actions.review.start({});
    else if (name === "approve" && !isSolo) void actions.approve.start({});
    else setAsked(name);
  };
  const shown = offers.filter(isPlain);
  const more = offers.filter((offer) => !isPlain(offer));
  const reason = shown.find(({ blocked }) => blocked !== null)?.blocked ?? null;
  return (
    <div className="actions">
      <div className="buttons">
        {shown.map((offer) => (
          <button
            key={`${offer.name}-${offer.scope ?? ""}`}
            type="button"
            className={`button small ${look(offer)}`}
            aria-disabled={offer.blocked !== null || actions.isBusy}
            aria-describedby={offer.blocked === null ? undefined : reasonId}
            onClick={() => {
              if (offer.blocked === null) start(offer);
            }}
          >
            {labelOf(offer, commit)}
          </button>
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
        <p className="reason" id={reasonId}>
          {reason}
        </p>
      )}
      {asked !== null && <Question asked={asked} commit={commit} actions={actions} close={() => setAsked(null)} />}
    </div>
  );
};

/** Visible buttons: the actions that move the commit on. */
const isPlain = ({ name, scope }: Offer): boolean =>
  ["approve", "reject", "retry", "cancel"].includes(name) ||
  (name === "push" && (scope === "all" || scope === undefined));

const look = ({ name, blocked }: Offer): string => {
  if (name === "approve" || name === "push" || name === "retry") return blocked === null ? "primary" : "";
  return name === "cancel" ? "danger-quiet" : "";
};

const labels: Record<ActionName, string> = {
  approve: "Approve",
  reject: "Reject…",
  push: "Push to all",
  retry: "Retry",
  cancel: "Cancel the push…",
  review: "Ask for review",
  reopen: "Reopen…",
  drop: "Drop…",
};

const labelOf = ({ name, scope }: Offer, { review }: ApiCommitDetail): string => {
  if (name === "push" && scope !== undefined && scope !== "all") return `Push to ${scope}`;
  return name === "review" && review === "in_review" ? "Ask for review again" : labels[name];
};

const Question = ({
  asked,
  commit,
  actions,
  close,
}: {
  asked: Asked;
  commit: ApiCommitDetail;
  actions: CommitActions;
  close: () => void;
}): ReactNode => {
  const { number } = commit;
  const ask = { isBusy: actions.isBusy, onNo: close };
  // After a refusal the typed text stays.
  const after = async (done: Promise<unknown>): Promise<boolean> => {
    const isDone = (await done) !== null;
    if (isDone) close();
    return isDone;
  };
  switch (asked) {
    case "approve":
      return (
        <Confirm
          {...ask}
          title={`Approve commit #${number}?`}
          yes="Approve"
          onYes={() => void after(actions.approve.start({}))}
        >
          <p>Solo mode: nobody else looks at it before it can be pushed.</p>
        </Confirm>
      );
    case "reject":
      return (
        <RejectDialog
          number={number}
          isBusy={actions.isBusy}
          onClose={close}
          onReject={(reason) => after(actions.reject.start({ reason }))}
        />
      );
    case "cancel":
      return (
        <Confirm
          {...ask}
          isDangerous
          title={`Cancel the push of commit #${number}?`}
          yes="Cancel the push"
          no="Keep it"
          onYes={() => void after(actions.cancel.start({}))}
        >
          <p>What a target has not applied yet is taken back. What is applied stays.</p>
        </Confirm>
      );
    case "reopen":
      return (
        <Confirm
          {...ask}
          title={`Reopen commit #${number}?`}
          yes="Reopen"
          onYes={() => void after(actions.reopen.start({}))}
        >
          <p>Its changes are staged again, and the commit is closed.</p>
        </Confirm>
      );
    case "drop":
      return (
        <Confirm
          {...ask}
          isDangerous
          title={`Drop commit #${number}?`}
          yes="Drop it"
          no="Keep it"
          onYes={() => void after(actions.drop.start({}))}
        >
          <p>Its changes are discarded. That cannot be undone.</p>
        </Confirm>
      );
  }
};
