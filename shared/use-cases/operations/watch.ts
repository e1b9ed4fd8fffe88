/** Raises and clears the operators' alerts: the state and the card that shows it change in one batch. */
import { alertNames, alerts, nextState } from "../../domain/operations/alerts.ts";
import type { Effects } from "../../effects.ts";
import { insertCard, insertCardOnce, invalidateCards } from "../../storage/cards.ts";
import type { Databases } from "../../storage/databases.ts";
import { clearAlert, raiseAlert } from "../../storage/operations/alerts.ts";
import { write } from "../../storage/write.ts";
import { dayOf, readOperations } from "./read-operations.ts";

export interface OperationsContext {
  databases: Databases;
  effects: Effects;
  nowMs: () => number;
  newId: () => string;
  /** Where operators read; null where nobody has set it: the states are kept all the same. */
  operators: { workspaceId: string; channelId: string } | null;
}

/** States of alerts are where their cards are: in the database of the operators' workspace. */
const inOperators = <Ctx extends Pick<OperationsContext, "databases" | "operators">>(ctx: Ctx) => ({
  ...ctx,
  db: ctx.operators ? ctx.databases.of(ctx.operators.workspaceId) : ctx.databases.first,
});

/** @returns the names of those whose state has changed */
export const watchOperations = async (ctx: OperationsContext): Promise<string[]> => {
  const { signals, alerts: rows } = await readOperations(ctx);
  const now = new Date(ctx.nowMs()).toISOString();
  const changed: string[] = [];
  for (const name of alertNames) {
    const before = rows.find((row) => row.name === name) ?? null;
    const to = nextState(name, signals, before, ctx.nowMs());
    if (to === null) continue;
    const value = signals[alerts[name].signal];
    const noticeId = ctx.newId();
    const { operators } = ctx;
    const at = operators && { workspaceId: operators.workspaceId, now };
    const card = { id: ctx.newId(), kind: "alert" as const, subjectId: noticeId };
    const { written } = await write(
      inOperators(ctx),
      to === "raised"
        ? [
            raiseAlert(name, value, noticeId, now),
            at ? [insertCard(at, { ...card, channelId: operators.channelId })] : [],
          ]
        : [clearAlert(name, value, now), at && before ? [invalidateCards(at, [before.noticeId])] : []],
    );
    if (written) changed.push(`${name} ${to}`);
  }
  return changed;
};

/** The week that has ended, once; a day of it names it. @returns whether there is somebody to read it */
export const postDigest = async (ctx: OperationsContext): Promise<boolean> => {
  const { operators } = ctx;
  if (!operators) return false;
  const at = { workspaceId: operators.workspaceId, now: new Date(ctx.nowMs()).toISOString() };
  // Of the whole days before today.
  const subjectId = dayOf(ctx.nowMs() - 86_400_000);
  const card = { id: ctx.newId(), kind: "digest" as const, subjectId, channelId: operators.channelId };
  await write(inOperators(ctx), [insertCardOnce(at, card)]);
  return true;
};
