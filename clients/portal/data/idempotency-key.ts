/** An idempotency key that stays the same until an answer arrives. */
export interface IdempotencyKey {
  of: (input: unknown) => string;
  /** An answer has arrived: the next action gets a new key. */
  forget: () => void;
}

export const createIdempotencyKey = (newKey: () => string): IdempotencyKey => {
  let current: { input: string; key: string } | null = null;
  return {
    of: (input) => {
      const text = JSON.stringify(input) ?? "";
      if (current?.input !== text) current = { input: text, key: newKey() };
      return current.key;
    },
    forget: () => {
      current = null;
    },
  };
};
