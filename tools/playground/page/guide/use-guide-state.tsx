import { useMemo, useState } from "react";
import type { Go } from "../session/place.ts";
import { useSession } from "../session/session-context.ts";
import { FirstSteps } from "./first-steps.tsx";
import type { Guide } from "./guide.ts";
import { type Whereabouts, stepIds } from "./steps.ts";
import { useProgress } from "./use-progress.ts";

const stepsKey = "first-steps";
/** On a phone they would cover what one came back to read. */
const newcomersMessages = 3;

export const useGuideState = (place: Whereabouts, go: Go, onTry: (line: string) => void): Guide => {
  const { state, dismissed, dismiss } = useSession();
  const progress = useProgress(place);
  const [open, setOpen] = useState(
    !dismissed.has(stepsKey) &&
      (state.messages.length < newcomersMessages || !matchMedia("(max-width: 760px)").matches),
  );
  return useMemo(
    () => ({
      open,
      done: progress.done.size,
      total: stepIds.length,
      // Whoever brings them back keeps them when they become somebody else.
      toggle: () => {
        dismiss(stepsKey, open);
        setOpen(!open);
      },
      panel: open && (
        <FirstSteps
          progress={progress}
          onTry={onTry}
          go={go}
          onDismiss={() => {
            dismiss(stepsKey);
            setOpen(false);
          }}
        />
      ),
    }),
    [open, progress, onTry, go, dismiss],
  );
};
