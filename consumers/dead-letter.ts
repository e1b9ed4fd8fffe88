/** What could not be handled is kept with its cause, for people to look at. */
import * as z from "zod/mini";
import type { CommonDeps } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { write } from "../shared/storage/database.ts";
import { insertDeadLetter } from "../shared/storage/dead-letters.ts";

const addressed = z.object({ workspaceId: z.string() });

export const keepDeadLetter = async (
  deps: Pick<CommonDeps, "db" | "nowMs">,
  queue: string,
  message: Pick<Message, "id" | "body" | "attempts">,
  cause: string,
): Promise<void> => {
  const workspace = addressed.safeParse(message.body);
  const workspaceId = workspace.success ? workspace.data.workspaceId : "-";
  await write(deps.db, [
    insertDeadLetter(deps.db, {
      workspaceId,
      id: message.id,
      queue: queue.replace(/-dead$/, ""),
      body: JSON.stringify(message.body) ?? "undefined",
      cause,
      attempts: message.attempts,
      receivedAt: new Date(deps.nowMs()).toISOString(),
    }),
  ]);
  log("dead_letter.kept", { workspaceId, queue, id: message.id, cause });
};
