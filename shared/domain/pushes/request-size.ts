import { maxRequestBytes } from "../../targets/protocol.ts";
import type { Operation } from "../staging/net-effect.ts";

/** A target whose request would be too large for it. */
export interface Oversized {
  target: string;
  bytes: number;
}

/** What surrounds the operations: ids, the callback's address, the commit's message of 500 characters. */
const envelopeBytes = 4000;
/** A version is the target's own text. */
const version = "0".repeat(40);

/** Of the request that a push sends to a target, in bytes of UTF-8; rather a little more than it is. */
export const requestBytes = (operations: readonly Operation[]): number => {
  const sent = operations.map(({ entityType, entityId: id, values }) => ({
    entityType,
    id,
    values,
    ifVersion: version,
  }));
  return new TextEncoder().encode(JSON.stringify(sent)).byteLength + envelopeBytes;
};

export const isOversized = ({ bytes }: Oversized): boolean => bytes > maxRequestBytes;
