/** What the routes share. */
import { randomBytes } from "node:crypto";
import type { Runtime } from "./runtime/runtime.ts";
import type { Store } from "./state.ts";

export type Plan = "free" | "paid";

export interface Cloud {
  store: Store;
  runtime: Runtime;
  plan: Plan;
  /** Whether D1 cuts triggers that have more than one line; reports differ. */
  cutsTriggersOverLines: boolean;
  accountId: string;
  token: string;
  /** Such as http://localhost:8800, where the API listens. */
  origin: () => string;
  zones: readonly { id: string; name: string }[];
}

export const now = (): string => new Date().toISOString();

/** An id as Cloudflare gives it: 32 hexadecimal digits. */
export const hexId = (): string => randomBytes(16).toString("hex");
