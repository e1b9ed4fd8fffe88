/** An idempotency key that stays the same while somebody tries the same thing again without knowing what became of it. */
export interface RepeatKey {
  of: (input: unknown) => string;
  /** An answer has come: the next time is another. */
  forget: () => void;
}

export const createRepeatKey = (newKey: () => string): RepeatKey => {
  let kept: { input: string; key: string } | null = null;
  return {
    of: (input) => {
      const text = JSON.stringify(input) ?? "";
      if (kept?.input !== text) kept = { input: text, key: newKey() };
      return kept.key;
    },
    forget: () => {
      kept = null;
    },
  };
};
