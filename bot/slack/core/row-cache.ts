/**
 * The targets' rows as they were last read, for typeahead and forms. A cache in KV: what is older than a minute is
 * asked for again, and what is served without an answer says when it was read.
 */
import * as z from "zod/mini";
import type { EntityType } from "../../../shared/domain/portfolio/registry.ts";
import { jsonText } from "../../../shared/storage/database.ts";
import type { TargetBinding } from "../../../shared/storage/pushes/targets.ts";
import { type FieldValues, fieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { UseCaseContext } from "../../../shared/use-cases/context.ts";

/** What is younger is as good as asked for. */
const freshMs = 60_000;
/** KV forgets what is older: the drift is too large to help anybody. */
const keptSeconds = 24 * 60 * 60;

export interface CachedRow {
  id: string;
  values: FieldValues;
}

export interface CachedRows {
  /** Which target shows them so. */
  target: string;
  rows: CachedRow[];
  /** How old they are where no target has answered; null when they are fresh. */
  staleMs: number | null;
}

/** The rows of a type at the first of `targets` that knows them; null when none answers and none is remembered. */
export type AskRows = (targets: readonly TargetBinding[], entityType: EntityType) => Promise<CachedRows | null>;

/** The part of KV that is used. */
export type CacheStore = Pick<KVNamespace, "get" | "put" | "delete">;

export interface RowCache {
  /** @param later keeps the storing alive, for which nobody waits */
  asker: (ctx: UseCaseContext, later: (work: Promise<unknown>) => void) => AskRows;
  /** What a target shows has changed. */
  forget: (workspaceId: string, target: string) => Promise<void>;
}

const entry = z.object({
  rows: z.array(z.object({ id: z.string(), values: fieldValues })),
  /** Milliseconds since the epoch. */
  fetchedAt: z.number(),
});
type Entry = z.infer<typeof entry>;

/** What is remembered of a target, by type: one key, so that forgetting it is one write. */
type Remembered = Partial<Record<string, Entry>>;
const rememberedText = jsonText(z.record(z.string(), entry));

const keyOf = (workspaceId: string, target: string): string => `rows:${workspaceId}:${target}`;

export const createRowCache = (store: CacheStore): RowCache => ({
  asker: (ctx, later) => async (targets, entityType) => {
    const stored = await Promise.all(
      targets.map(async ({ name }) => rememberedOf(await store.get(keyOf(ctx.workspaceId, name), "text"))),
    );
    const isKept = ({ fetchedAt }: Entry): boolean => ctx.nowMs() - fetchedAt < keptSeconds * 1000;
    const remembered = stored.map(({ [entityType]: found }) => (found && isKept(found) ? found : null));
    const shown = (index: number, { rows }: Entry, staleMs: number | null): CachedRows => ({
      target: targets[index]?.name ?? "",
      rows,
      staleMs,
    });
    const ages = remembered.map((cached) => (cached ? ctx.nowMs() - cached.fetchedAt : Infinity));
    const freshAt = ages.findIndex((age) => age < freshMs);
    const fresh = remembered[freshAt];
    if (fresh) return shown(freshAt, fresh, null);

    const asking = targets.map((target) => ask(ctx, target, entityType));
    for (const [index, answer] of asking.entries()) {
      later(
        answer.then(
          (found) =>
            found &&
            remember(store, keyOf(ctx.workspaceId, targets[index]?.name ?? ""), {
              ...stored[index],
              [entityType]: found,
            }),
        ),
      );
    }
    for (const [index, answer] of asking.entries()) {
      const found = await answer;
      if (found) return shown(index, found, null);
    }
    const youngest = ages.indexOf(Math.min(...ages));
    const cached = remembered[youngest];
    return cached ? shown(youngest, cached, ages[youngest] ?? 0) : null;
  },
  forget: (workspaceId, target) => store.delete(keyOf(workspaceId, target)),
});

/** Null when the target does not answer within the client's 1.5 s. */
const ask = async (ctx: UseCaseContext, target: TargetBinding, entityType: EntityType): Promise<Entry | null> => {
  const answer = await ctx.targets(target, ctx.traceId).rows(entityType);
  if (!answer.ok) return null;
  return { rows: answer.value.rows.map(({ id, values }) => ({ id, values })), fetchedAt: ctx.nowMs() };
};

const remember = (store: CacheStore, key: string, remembered: Remembered): Promise<void> =>
  store.put(key, JSON.stringify(remembered), { expirationTtl: keptSeconds });

/** Empty for nothing, and for what another version has written. */
const rememberedOf = (text: string | null): Remembered => rememberedText.safeParse(text).data ?? {};
