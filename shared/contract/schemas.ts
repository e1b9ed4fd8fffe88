/** Pieces of which the API's schemas are made. */
import * as z from "zod/mini";
import { roles } from "../domain/workspace/roles.ts";

/** A number in a path or a query, where everything is text. */
const wholeNumber = (min: number, max: number) =>
  z.pipe(
    z.pipe(
      z.string().check(z.regex(/^\d{1,15}$/)),
      z.transform((text: string) => Number(text)),
    ),
    z.int().check(z.minimum(min), z.maximum(max)),
  );

/** The number by which people know a change, a commit or a push. */
export const numberInPath = wholeNumber(1, 999_999_999);

export const idInPath = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/));

export const limit = (max: number) => z.optional(wholeNumber(1, max));
export const before = z.optional(wholeNumber(1, 999_999_999));
/** How many of a list that never changes come before a page. */
export const after = wholeNumber(0, 999_999_999);
/** Of an event: what comes after it is answered. */
export const lastEventId = z.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER));

export const number = z.int().check(z.minimum(1), z.maximum(999_999_999));
export const time = z.iso.datetime();
export const userId = z.string().check(z.minLength(1), z.maxLength(40));
export const role = z.enum(roles);

/** Names or aliases of targets, or `all`. */
export const targets = z.array(z.string().check(z.minLength(1), z.maxLength(40))).check(z.maxLength(20));

/** A stored row that cannot be read: the table, its id and number if it has them, and why. */
export const unreadableRow = z.object({
  table: z.nullable(z.string()),
  id: z.nullable(z.string()),
  number: z.nullable(z.int()),
  cause: z.string(),
});
