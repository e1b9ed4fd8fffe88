/**
 * The content of an unfinished form, stored in this tab until it is sent or discarded. It survives a reload, an expired
 * sign-in and navigation. Another signed-in person does not see it.
 */
import { useState } from "react";
import type * as z from "zod/mini";
import { jsonIn } from "../../../shared/json.ts";
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
  const storageKey = me ? `cv-ops.draft.${me.workspaceId}.${me.userId}.${form}` : null;
  const [left] = useState(() => (storageKey === null ? null : draftAt(sessionStorage, storageKey, shape)));
  return {
    left,
    keep: (now) => {
      if (storageKey !== null) sessionStorage.setItem(storageKey, JSON.stringify(now));
    },
    forget: () => {
      if (storageKey !== null) sessionStorage.removeItem(storageKey);
    },
  };
};

/** Null for a draft of another version of the portal that this one cannot read. */
export const draftAt = <T>(
  storage: Pick<Storage, "getItem">,
  storageKey: string,
  shape: z.ZodMiniType<T>,
): T | null => {
  const stored = storage.getItem(storageKey);
  if (stored === null) return null;
  const parsed = shape.safeParse(jsonIn(stored));
  return parsed.success ? parsed.data : null;
};
