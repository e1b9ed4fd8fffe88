import type { ReactNode } from "react";

/** Shown above a form that was restored from a draft. */
export const DraftNote = ({ startAfresh }: { startAfresh: () => void }): ReactNode => (
  <p className="draft-note" role="status">
    <span>What you had entered is still here.</span>
    <button type="button" className="button small" onClick={startAfresh}>
      Start afresh
    </button>
  </p>
);
