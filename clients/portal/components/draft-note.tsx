import type { ReactNode } from "react";

/** Over a form that shows what somebody had begun and not sent. */
export const DraftNote = ({ startAfresh }: { startAfresh: () => void }): ReactNode => (
  <p className="draft-note" role="status">
    <span>What you had entered is still here.</span>
    <button type="button" className="button small" onClick={startAfresh}>
      Start afresh
    </button>
  </p>
);
