/** What could not be handled is kept with its cause, for people to look at. */
import type { CommonDeps } from "../shared/environment.ts";
import { keepDeadLetter, resolveDeadLetterOf } from "../shared/use-cases/dead-letters/keep-dead-letter.ts";

type Deps = Pick<CommonDeps, "db" | "nowMs" | "announce">;

export const giveUp = async (
  deps: Deps,
  queue: string,
  message: Pick<Message, "id" | "body" | "attempts">,
  cause: string,
): Promise<void> => {
  const { id, body, attempts } = message;
  const owner = await keepDeadLetter(deps, { id, queue: queue.replace(/-dead$/, ""), body, cause, attempts });
  if (owner !== null) await deps.announce(owner);
};

/** A message that a person sent again was handled this time. */
export const settle = async (deps: Deps, body: unknown): Promise<void> => {
  const workspaceId = await resolveDeadLetterOf(deps, body);
  if (workspaceId !== null) await deps.announce(workspaceId);
};
