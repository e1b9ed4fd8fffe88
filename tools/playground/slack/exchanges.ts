/** The record of what Slack sent to the bot and what the bot asked of Slack, for the page's inspector. */
import type { Exchange } from "../client-protocol.ts";
import { parseOwn } from "../../slack/json.ts";
import { redact } from "./redact.ts";
import type { Slack } from "./slack.ts";

/** In each direction. */
const kept = 200;
const keptBodyCharacters = 20_000;

type ExchangeRow = {
  id: number;
  at: number;
  direction: Exchange["direction"];
  kind: string;
  payload: string;
  status: number | null;
  body: string;
  ack_ms: number;
  error: string | null;
  retry: number;
};

const columns = "id, at, direction, kind, payload, status, body, ack_ms, error, retry";

const fromRow = ({ ack_ms: ackMs, payload, ...rest }: ExchangeRow): Exchange => ({
  ...rest,
  payload: parseOwn<unknown>(payload),
  ackMs,
});

/** Returns the id under which `markFailed` finds it. */
export const recordExchange = (slack: Slack, exchange: Omit<Exchange, "id">): number => {
  const row = slack.sql
    .exec<ExchangeRow>(
      `INSERT INTO traffic (at, direction, kind, payload, status, body, ack_ms, error, retry)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
      exchange.at,
      exchange.direction,
      exchange.kind,
      JSON.stringify(exchange.payload ?? null),
      exchange.status,
      exchange.body.slice(0, keptBodyCharacters),
      exchange.ackMs,
      exchange.error,
      exchange.retry,
    )
    .one();
  slack.sql.exec(
    `DELETE FROM traffic WHERE direction = ?1 AND id <=
       (SELECT id FROM traffic WHERE direction = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${kept})`,
    exchange.direction,
  );
  slack.publishExchange(fromRow(row));
  return row.id;
};

/** What was found wrong with an answer that came in time. */
export const markFailed = (slack: Slack, id: number, error: string): void => {
  const row = slack.sql
    .exec<ExchangeRow>(`UPDATE traffic SET error = ? WHERE id = ? RETURNING ${columns}`, error, id)
    .toArray()[0];
  if (row) slack.publishExchange(fromRow(row));
};

/** Newest first. */
export const listExchanges = (slack: Slack): Exchange[] =>
  slack.sql.exec<ExchangeRow>(`SELECT ${columns} FROM traffic ORDER BY id DESC`).toArray().map(fromRow);

/** As a page gets it. */
export const toShownExchange = (exchange: Exchange): string => JSON.stringify(redact(exchange));
