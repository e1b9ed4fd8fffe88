import { useEffect } from "react";

/** Runs once after the delay in milliseconds; never when the delay is null. */
export const useTimeout = (run: () => void, delayMs: number | null): void => {
  useEffect(() => {
    if (delayMs === null) return;
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  }, [run, delayMs]);
};
