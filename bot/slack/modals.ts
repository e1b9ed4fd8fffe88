/** All forms, by the callback id that Slack sends back. */
import { commitModal } from "./commits/commit-modal.ts";
import { discardDeadLetterModal } from "./dead-letters/discard-modal.ts";
import { editModal } from "./staging/edit-modal.ts";
import type { Modal } from "./core/modals/modal.ts";
import { rejectModal } from "./reviews/reject-modal.ts";
import { resolveModal } from "./conflicts/resolve-modal.ts";
import { retryModal } from "./pushes/retry-modal.ts";
import { roleModal } from "./workspace/role-modal.ts";
import { searchModal } from "./portfolio/search-modal.ts";
import { settingsModal } from "./workspace/settings-modal.ts";
import { stageLinesModal } from "./staging/stage-lines-modal.ts";
import { stageModal } from "./staging/stage-modal.ts";
import { addTargetModal } from "./targets/add-target-modal.ts";
import { rotateTargetModal } from "./targets/rotate-target-modal.ts";
import { tokenModal } from "./workspace/token-modal.ts";
import { webhookModal } from "./webhooks/webhook-modal.ts";

export const modals: readonly Modal[] = [
  commitModal,
  rejectModal,
  discardDeadLetterModal,
  stageModal,
  stageLinesModal,
  tokenModal,
  addTargetModal,
  rotateTargetModal,
  webhookModal,
  editModal,
  resolveModal,
  retryModal,
  roleModal,
  searchModal,
  settingsModal,
];

export const modalOf = (callbackId: string | undefined): Modal | undefined =>
  modals.find(({ name }) => name === callbackId);
