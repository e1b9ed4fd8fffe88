import { jsonLine } from "./json.ts";

/** One JSON line per event. Never pass secrets, tokens or bodies. */
export const log = (event: string, fields: Record<string, unknown> = {}): void => {
  console.log(jsonLine({ event, ...fields }));
};
