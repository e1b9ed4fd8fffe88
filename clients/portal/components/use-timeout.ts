import { useEffect } from "react";

/** Runs once after so long; never with null. */
export const useTimeout = (run: () => void, delayMs: number | null): void => {
  useEffect(() => {
    if (delayMs === null) return;
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  }, [run, delayMs]);
};
