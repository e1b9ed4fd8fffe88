/** Who else is about to change the same rows, beside what somebody decides on. */
import type { ReactNode } from "react";
import type { ApiOverlap } from "../../../shared/contract/resources.ts";
import { overlapMessages } from "../../../shared/messages/en/overlaps.ts";
import { person } from "../../../shared/messages/message.ts";
import { MessageText } from "./message-text.tsx";

type Names = readonly { entityType: string; entityId: string; name: string }[];

/** @param rows how they are called; others go by their ids */
export const Overlaps = ({ overlaps, rows = [] }: { overlaps: readonly ApiOverlap[]; rows?: Names }): ReactNode =>
  overlaps.length > 0 && (
    <ul className="notes" data-testid="overlaps">
      {overlapMessages(overlaps, {
        person,
        nameOf: (row) =>
          rows.find((each) => each.entityType === row.entityType && each.entityId === row.entityId)?.name,
      }).map((message, index) => (
        <li key={index}>
          <MessageText message={message} />
        </li>
      ))}
    </ul>
  );
