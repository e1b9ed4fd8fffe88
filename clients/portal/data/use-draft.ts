/**
 * What stands in an unfinished form, kept in this tab until it is sent or given up: neither a reload, a sign-in that has ended nor the
 * way to another page loses it. Whoever signs in as somebody else does not see it.
 */
import { useState } from "react";
import type * as z from "zod/mini";
import { jsonIn } from "../../sdk/failures.ts";
import { useMe } from "./queries.ts";

export interface Draft<T> {
  /** As it was left; null where there was nothing. Stays the same while the form is open. */
  left: T | null;
  keep: (now: T) => void;
  forget: () => void;
}

/** @param form what sets it apart from the others, such as `reject/42` */
export const useDraft = <T>(form: string, shape: z.ZodMiniType<T>): Draft<T> => {
  const me = useMe().data;
  const place = me ? `cv-ops.draft.${me.workspaceId}.${me.userId}.${form}` : null;
  const [left] = useState(() => (place === null ? null : draftAt(sessionStorage, place, shape)));
  return {
    left,
    keep: (now) => {
      if (place !== null) sessionStorage.setItem(place, JSON.stringify(now));
    },
    forget: () => {
      if (place !== null) sessionStorage.removeItem(place);
    },
  };
};

/** Null for what an older or newer version of the portal has kept and this one cannot read. */
export const draftAt = <T>(storage: Pick<Storage, "getItem">, place: string, shape: z.ZodMiniType<T>): T | null => {
  const kept = storage.getItem(place);
  if (kept === null) return null;
  const parsed = shape.safeParse(jsonIn(kept));
  return parsed.success ? parsed.data : null;
};
