import { log as write } from "../../shared/log.ts";

export { inTrace } from "../../shared/log.ts";

/** Writes one JSON line. Never pass secrets, tokens or bodies. */
export const log = (event: string, fields: Record<string, string | number | boolean | null>): void =>
  write(event, fields);
