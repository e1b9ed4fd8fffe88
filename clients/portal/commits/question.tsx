/** What is asked before an action that is rare or cannot be undone. */
import type { ReactNode } from "react";
import { Dialog } from "../components/dialog.tsx";
import type { CommitActions } from "./use-commit-actions.ts";
import { RejectDialog } from "./reject-dialog.tsx";

const questions = {
  approve: {
    title: "Approve",
    yes: "Approve",
    text: "Solo mode: nobody else reviews it before it can be pushed.",
  },
  cancel: {
    title: "Cancel the push of",
    yes: "Cancel the push",
    no: "Keep it",
    isDangerous: true,
    text: "What a target has not applied yet is cancelled. What is applied stays.",
  },
  reopen: {
    title: "Reopen",
    yes: "Reopen",
    text: "Its changes are staged again, and the commit is closed.",
  },
  drop: {
    title: "Drop",
    yes: "Drop it",
    no: "Keep it",
    isDangerous: true,
    text: "Its changes are discarded. This cannot be undone.",
  },
};

export type Asked = keyof typeof questions | "reject";

interface QuestionProps {
  asked: Asked;
  number: number;
  actions: CommitActions;
  close: () => void;
}

export const Question = ({ asked, number, actions, close }: QuestionProps): ReactNode => {
  // After a refusal the typed text stays.
  const after = async (done: Promise<unknown>): Promise<boolean> => {
    const isDone = (await done) !== null;
    if (isDone) close();
    return isDone;
  };
  const { isBusy } = actions;
  if (asked === "reject") {
    const onReject = (reason: string): Promise<boolean> => after(actions.reject.start({ reason }));
    return <RejectDialog number={number} isBusy={isBusy} onClose={close} onReject={onReject} />;
  }
  const { title, text, ...answers } = questions[asked];
  return (
    <Dialog
      {...answers}
      title={`${title} commit #${number}?`}
      isBusy={isBusy}
      onYes={() => void after(actions[asked].start())}
      onNo={close}
    >
      <p>{text}</p>
    </Dialog>
  );
};
