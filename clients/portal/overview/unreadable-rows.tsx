import type { ReactNode } from "react";
import { unreadableRowMessage } from "../../../shared/messages/en/action-items.ts";
import { Icon } from "../components/icon.tsx";
import { MessageText } from "../components/message-text.tsx";
import { useActionItems } from "../data/queries.ts";

/** For admins: stored rows that the lists go on without. */
export const UnreadableRows = (): ReactNode =>
  (useActionItems().data?.unreadable ?? []).map((row) => (
    <p className="notice wait" key={`${row.table}/${row.id}`}>
      <Icon name="alert" /> <MessageText message={unreadableRowMessage(row)} />
    </p>
  ));
