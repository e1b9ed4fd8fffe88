import type { ReactNode } from "react";
import { Button } from "./button.tsx";

/** Shown above a form that was restored from a draft. */
export const DraftNote = ({ startOver }: { startOver: () => void }): ReactNode => (
  <p className="draft-note good" role="status">
    <span>Your unsaved input is still here.</span>
    <Button isSmall onClick={startOver}>
      Start over
    </Button>
  </p>
);
