/** All forms, by the callback id that Slack sends back. */
import { commitModal } from "./commit.ts";
import { discardLetterModal } from "./discard-letter.ts";
import { editModal } from "./edit.ts";
import type { Modal } from "./modal.ts";
import { rejectModal } from "./reject.ts";
import { retryModal } from "./retry.ts";
import { roleModal } from "./role.ts";
import { searchModal } from "./search.ts";
import { settingsModal } from "./settings.ts";
import { stageLinesModal } from "./stage-lines.ts";
import { stageModal } from "./stage.ts";
import { tokenModal } from "./token.ts";
import { webhookModal } from "./webhook.ts";

export const modals: readonly Modal[] = [
  commitModal,
  rejectModal,
  discardLetterModal,
  stageModal,
  stageLinesModal,
  tokenModal,
  webhookModal,
  editModal,
  retryModal,
  roleModal,
  searchModal,
  settingsModal,
];

export const modalOf = (callbackId: string | undefined): Modal | undefined =>
  modals.find(({ name }) => name === callbackId);
