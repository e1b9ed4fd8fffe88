import { useEffect, useState } from "react";
import { useSession } from "../session/session-context.ts";
import { storedProgress, storeProgress } from "../session/steps-storage.ts";
import { type Progress, type Whereabouts, lifeOf, progressAfter } from "./steps.ts";

/** Which of the first steps have been taken, by whomever: becoming another person goes on with it. */
export const useProgress = ({ at, thread }: Whereabouts): Progress => {
  const { state } = useSession();
  const life = lifeOf(state);
  const [progress, setProgress] = useState(() => progressAfter(storedProgress(life), state, { at, thread }));
  useEffect(() => {
    setProgress((before) => progressAfter(before, state, { at, thread }));
  }, [state, at, thread]);
  useEffect(() => storeProgress(life, progress), [life, progress]);
  return progress;
};
