import type { KeyboardEvent, ReactNode } from "react";
import type { Exchange } from "../../client-protocol.ts";
import { ackWords, gistOf } from "./exchange-words.ts";

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

const Row = ({
  exchange,
  chosen,
  onChoose,
}: {
  exchange: Exchange;
  chosen: boolean;
  onChoose: () => void;
}): ReactNode => {
  const ack = ackWords(exchange);
  const toBot = exchange.direction === "to_bot";
  return (
    <button
      type="button"
      role="option"
      aria-selected={chosen}
      tabIndex={chosen ? 0 : -1}
      data-id={exchange.id}
      className={toBot ? "exchange to-bot" : "exchange from-bot"}
      onClick={onChoose}
    >
      <span className="exchange-way" aria-hidden="true">
        {toBot ? "→" : "←"}
      </span>
      <span className="hidden">{toBot ? "Slack to CV Ops: " : "CV Ops to Slack: "}</span>
      <span className="exchange-what">
        <b>{exchange.kind}</b> <span>{gistOf(exchange)}</span>
      </span>
      {exchange.retry > 0 && <span className="retry">retry {exchange.retry}</span>}
      <span className={`ack ${ack.level}`}>{ack.text}</span>
      <time className="exchange-time" dateTime={new Date(exchange.at).toISOString()}>
        {clock.format(exchange.at)}
      </time>
    </button>
  );
};

/** Arrow keys walk through the list; what they come to is shown beside it. */
export const ExchangeList = ({
  exchanges,
  chosenId,
  onChoose,
}: {
  exchanges: readonly Exchange[];
  chosenId: number | null;
  onChoose: (id: number) => void;
}): ReactNode => {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = exchanges.findIndex(({ id }) => id === chosenId);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: exchanges.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const exchange = exchanges[Math.max(0, Math.min(next, exchanges.length - 1))];
    if (!exchange) return;
    onChoose(exchange.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-id="${exchange.id}"]`)?.focus();
  };
  return (
    <div role="listbox" aria-label="Exchanges, newest first" className="exchange-list" onKeyDown={onKeyDown}>
      {exchanges.map((exchange) => (
        <Row
          key={exchange.id}
          exchange={exchange}
          chosen={exchange.id === chosenId}
          onChoose={() => onChoose(exchange.id)}
        />
      ))}
    </div>
  );
};
