/** All forms, by the callback id that Slack sends back. */
import { commitModal } from "./commit.ts";
import type { Modal } from "./modal.ts";
import { rejectModal } from "./reject.ts";

export const modals: readonly Modal[] = [commitModal, rejectModal];

export const modalOf = (callbackId: string | undefined): Modal | undefined =>
  modals.find(({ name }) => name === callbackId);
