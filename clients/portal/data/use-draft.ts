/**
 * The content of an unfinished form, kept in this tab until it is sent or discarded. It survives a reload, an expired sign-in and
 * navigation. Another signed-in person does not see it.
 */
import { useState } from "react";
import type * as z from "zod/mini";
import { jsonIn } from "../../sdk/failures.ts";
import { useMe } from "./queries.ts";

export interface Draft<T> {
  /** The stored draft; null when there is none. Does not change while the form is open. */
  left: T | null;
  keep: (now: T) => void;
  forget: () => void;
}

/** @param form unique name of the form, such as `reject/42` */
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

/** Null for a draft of another version of the portal that this one cannot read. */
export const draftAt = <T>(storage: Pick<Storage, "getItem">, place: string, shape: z.ZodMiniType<T>): T | null => {
  const kept = storage.getItem(place);
  if (kept === null) return null;
  const parsed = shape.safeParse(jsonIn(kept));
  return parsed.success ? parsed.data : null;
};
