/** An idempotency key that stays the same until an answer arrives. */
export interface RepeatKey {
  of: (input: unknown) => string;
  /** An answer has arrived: the next action gets a new key. */
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
