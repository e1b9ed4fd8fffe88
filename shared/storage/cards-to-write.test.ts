/** One query finds what two queries and the time of the next try find, while not too many cards are out of date. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { cardsToWrite, nextCardRetryQuery, outdatedCardsQuery, staleCardsQuery } from "./cards.ts";
import { read } from "./database.ts";

const workspaceId = "T0CARDS";
const now = "2031-03-03T09:00:00.000Z";
const past = "2031-03-03T08:00:00.000Z";
const later = "2031-03-03T10:00:00.000Z";

/** Of every kind of card, shown or not, in an order in which homes come first. */
const rows = ["home", "commit", "push", "push_plan"].flatMap((kind) =>
  [null, "1.1"].flatMap((ts) =>
    [null, past, later].flatMap((retryAt) =>
      [null, "posted", "waiting"].map((parent) => ({ kind, ts: ts && `${kind}${retryAt}${parent}`, retryAt, parent })),
    ),
  ),
);

test("the cards to write are the same from one query as from those that read them by kind", async () => {
  const insert = (id: string, kind: string, ts: string | null, shown: number) =>
    env.DB.prepare(
      `INSERT INTO cards (workspace_id, id, kind, subject_id, channel_id, ts, desired_version, shown_version, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?2, 'C', ?4, 2, ?5, ?6, ?6)`,
    ).bind(workspaceId, id, kind, ts, shown, past);
  await env.DB.batch([insert("posted", "push", "0.1", 2), insert("waiting", "push", null, 1)]);
  await env.DB.batch(
    rows.flatMap(({ kind, ts, retryAt, parent }, index) => [
      insert(`card-${index}`, kind, ts, 1),
      env.DB.prepare("UPDATE cards SET retry_at = ?1, parent_card_id = ?2 WHERE workspace_id = ?3 AND id = ?4").bind(
        retryAt,
        parent,
        workspaceId,
        `card-${index}`,
      ),
    ]),
  );
  const at = { workspaceId, now };
  const [outdated, shown, unposted, retry] = await read(
    env.DB,
    outdatedCardsQuery(workspaceId, 100),
    staleCardsQuery(at, "shown", 10),
    staleCardsQuery(at, "new", 10),
    nextCardRetryQuery(workspaceId),
  );
  expect(outdated).toHaveLength(rows.length + 1);
  const found = cardsToWrite(outdated, now, 10);
  const ids = (cards: readonly { id: string }[]) => cards.map(({ id }) => id);
  expect([ids(found.shown), ids(found.unposted), found.retryAt]).toEqual([ids(shown), ids(unposted), retry.at]);
  expect([shown.length, unposted.length]).toEqual([10, 10]);
});
