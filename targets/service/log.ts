import { jsonLine } from "../../shared/json.ts";

/** Writes one JSON line. Never pass secrets, tokens or bodies. */
export const log = (event: string, fields: Record<string, string | number | boolean | null>): void => {
  console.log(jsonLine({ event, ...fields }));
};
