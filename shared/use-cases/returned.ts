import * as z from "zod/mini";

const numbered = z.object({ number: z.int() });

/** The number of the row that an `INSERT … RETURNING number` has made. */
export const returnedNumber = (result: D1Result | undefined): number => numbered.parse(result?.results[0]).number;
