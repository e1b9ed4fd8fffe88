import type { ReactNode } from "react";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { Button } from "./button.tsx";

interface ShowMoreProps {
  /** "staged change" */
  what: string;
  /** How many are not shown yet; 0 shows nothing. */
  left: number;
  isBusy: boolean;
  onMore: () => void;
}

/** Below the part of a list that is shown. */
export const ShowMore = ({ what, left, isBusy, onMore }: ShowMoreProps): ReactNode =>
  left > 0 && (
    <p className="more">
      <Button isSmall aria-disabled={isBusy} onClick={onMore}>
        {isBusy ? "Loading…" : `Show more: ${plural(left, what)} not shown yet`}
      </Button>
    </p>
  );
