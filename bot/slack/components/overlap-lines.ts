/** Who else is about to change the same rows, beside what a person decides on. */
import type { Overlap } from "../../../shared/domain/commits/overlaps.ts";
import type { NetOperation } from "../../../shared/domain/staging/net-operations.ts";
import { overlapMessages } from "../../../shared/messages/en/overlaps.ts";
import { person } from "../../../shared/messages/message.ts";
import { mrkdwn } from "../blocks/mrkdwn.ts";

type Named = Pick<NetOperation, "entityType" | "entityId" | "name">;

/** @param rows how they are called; others go by their ids */
export const overlapLines = (overlaps: readonly Overlap[], rows: readonly Named[] = []): string[] => {
  const nameOf = ({ entityType, entityId }: Pick<Named, "entityType" | "entityId">) =>
    rows.find((row) => row.entityType === entityType && row.entityId === entityId)?.name;
  return overlapMessages(overlaps, { person, nameOf }).map((each) => `:left_right_arrow: ${mrkdwn(each)}`);
};
