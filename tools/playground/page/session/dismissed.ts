import { useCallback, useState } from "react";

const storageKey = "cv-ops.dismissed";
/** Old keys fall out: the messages they belong to have scrolled away by then. */
const keptKeys = 300;

const stored = (): string[] => {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
};

/** What the person has put away, remembered by the browser. */
export const useDismissed = (): [ReadonlySet<string>, (key: string) => void] => {
  const [keys, setKeys] = useState<ReadonlySet<string>>(() => new Set(stored()));
  const dismiss = useCallback((key: string) => {
    setKeys((before) => {
      const next = [...before, key].slice(-keptKeys);
      localStorage.setItem(storageKey, JSON.stringify(next));
      return new Set(next);
    });
  }, []);
  return [keys, dismiss];
};
