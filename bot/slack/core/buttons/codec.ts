/** Action ids and values of our buttons: one codec, so that what a button says is what a handler reads. */
import { defined } from "../../../../shared/defined.ts";
import { jsonIn } from "../../../../shared/json.ts";
import * as z from "zod/mini";

export const buttonActions = [
  "commit.approve",
  "commit.reject",
  "commit.diff",
  "commit.push",
  "push.retry",
  "conflicts.mine",
  "conflicts.theirs",
] as const;
export type ButtonAction = (typeof buttonActions)[number];

const value = z.object({
  /** Commit number. */
  n: z.int().check(z.minimum(1)),
  /** Content hash that the button was drawn for; of conflicts what stands for their values. */
  h: z.optional(z.string()),
  /** Target, or `all`. */
  t: z.optional(z.string()),
});

export interface ButtonValue {
  number: number;
  seenHash?: string;
  target?: string;
}

/** Action ids are unique within a block, so the target is part of it: `commit.push:d1cv`. */
export const encodeButton = (action: ButtonAction, button: ButtonValue): { action_id: string; value: string } => ({
  action_id: button.target === undefined ? action : `${action}:${button.target}`,
  value: JSON.stringify({ n: button.number, h: button.seenHash, t: button.target }),
});

export interface DecodedButton {
  action: ButtonAction;
  button: ButtonValue;
}

/** Null for anything that `encodeButton` does not make. */
export const decodeButton = (actionId: string, encoded: string | undefined): DecodedButton | null => {
  const [name = "", ...rest] = actionId.split(":");
  const action = buttonActions.find((each) => each === name);
  if (!action) return null;
  const parsed = value.safeParse(jsonIn(encoded ?? ""));
  if (!parsed.success) return null;
  const { n, h, t } = parsed.data;
  if (rest.join(":") !== (t ?? "")) return null;
  return {
    action,
    button: { number: n, ...defined({ seenHash: h, target: t }) },
  };
};
