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

/** Puts something away, or with `false` brings it back. */
export type Dismiss = (key: string, isDismissed?: boolean) => void;

/** What the person has put away, remembered by the browser. */
export const useDismissed = (): [ReadonlySet<string>, Dismiss] => {
  const [keys, setKeys] = useState<ReadonlySet<string>>(() => new Set(stored()));
  const dismiss = useCallback<Dismiss>((key, isDismissed = true) => {
    setKeys((before) => {
      const others = [...before].filter((each) => each !== key);
      const next = isDismissed ? [...others, key].slice(-keptKeys) : others;
      localStorage.setItem(storageKey, JSON.stringify(next));
      return new Set(next);
    });
  }, []);
  return [keys, dismiss];
};
