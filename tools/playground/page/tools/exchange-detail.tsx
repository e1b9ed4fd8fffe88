import { useEffect, useMemo, useState, type ReactNode } from "react";
import type { Exchange } from "../../client-protocol.ts";
import { ackWords, prettyJson } from "./exchange-words.ts";

const copiedShownMs = 1_500;

const Copy = ({ text, label }: { text: string; label: string }): ReactNode => {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), copiedShownMs);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("Not allowed"),
    );
  };
  return (
    <button type="button" className="button quiet" aria-label={label} onClick={copy}>
      <span aria-live="polite">{said ?? "Copy"}</span>
    </button>
  );
};

const Part = ({ title, value }: { title: string; value: unknown }): ReactNode => {
  const text = useMemo(() => prettyJson(value), [value]);
  return (
    <section className="exchange-part" aria-label={title}>
      <header>
        <h3>{title}</h3>
        {text !== "" && <Copy text={text} label={`Copy: ${title}`} />}
      </header>
      {text === "" ? (
        <p className="exchange-empty">An empty body.</p>
      ) : (
        <pre tabIndex={0}>
          <code>{text}</code>
        </pre>
      )}
    </section>
  );
};

export const ExchangeDetail = ({ exchange, onBack }: { exchange: Exchange; onBack: () => void }): ReactNode => {
  const ack = ackWords(exchange);
  const toBot = exchange.direction === "to_bot";
  return (
    <div className="exchange-detail" role="region" aria-label={`Exchange ${exchange.id}`}>
      <div className="exchange-head">
        <button type="button" className="button quiet exchange-back" onClick={onBack}>
          ← All
        </button>
        <b>{exchange.kind}</b>
        <span>{toBot ? "Slack → CV Ops" : "CV Ops → Slack"}</span>
        <span className={`ack ${ack.level}`}>{ack.text}</span>
        {exchange.retry > 0 && <span className="retry">retry {exchange.retry}</span>}
      </div>
      <Part title={toBot ? "What Slack sent" : "What CV Ops asked"} value={exchange.payload} />
      <Part
        title={`${toBot ? "What CV Ops answered" : "What Slack answered"}${exchange.status === null ? "" : `, ${exchange.status}`}`}
        value={exchange.body}
      />
    </div>
  );
};
