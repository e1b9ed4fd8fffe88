import { useMemo, useState, type ReactNode } from "react";
import type { Exchange } from "../../client-protocol.ts";
import { useSession } from "../session/session-context.ts";
import { useExchanges } from "../session/exchanges.ts";
import { ExchangeDetail } from "./exchange-detail.tsx";
import { ExchangeList } from "./exchange-list.tsx";
import { kindsOf } from "./exchange-words.ts";

const Filter = ({
  exchanges,
  filter,
  onFilter,
}: {
  exchanges: readonly Exchange[];
  filter: string;
  onFilter: (filter: string) => void;
}): ReactNode => {
  const kinds = kindsOf(exchanges);
  const options = (direction: Exchange["direction"]): ReactNode =>
    kinds
      .filter((each) => each.direction === direction)
      .map(({ kind }) => (
        <option key={kind} value={`${direction} ${kind}`}>
          {kind}
        </option>
      ));
  return (
    <select aria-label="Kind" className="kind-filter" value={filter} onChange={(event) => onFilter(event.target.value)}>
      <option value="">Everything</option>
      <optgroup label="From Slack">
        <option value="to_bot">All that Slack sent</option>
        {options("to_bot")}
      </optgroup>
      <optgroup label="From CV Ops">
        <option value="from_bot">All calls of the app</option>
        {options("from_bot")}
      </optgroup>
    </select>
  );
};

const passes = ({ direction, kind }: Exchange, filter: string): boolean =>
  filter === "" || filter === direction || filter === `${direction} ${kind}`;

/** What Slack and the app say to each other. */
export const Inspector = (): ReactNode => {
  const { state } = useSession();
  const { exchanges, connected } = useExchanges(state.me.id);
  const [filter, setFilter] = useState("");
  const [chosenId, setChosenId] = useState<number | null>(null);
  const shown = useMemo(() => exchanges.filter((exchange) => passes(exchange, filter)), [exchanges, filter]);
  const chosen = shown.find(({ id }) => id === chosenId) ?? null;
  return (
    <div className={chosen ? "inspector with-detail" : "inspector"}>
      <div className="exchange-side">
        <div className="exchange-bar">
          <Filter exchanges={exchanges} filter={filter} onFilter={setFilter} />
          <span className="exchange-count" role="status">
            {connected ? `${shown.length} shown, newest first` : "Connecting…"}
          </span>
        </div>
        {shown.length === 0 ? (
          <p className="exchange-empty">
            {filter === ""
              ? "Nothing yet. Type a command, press a button: what is sent shows up here."
              : "None of this kind."}
          </p>
        ) : (
          <ExchangeList exchanges={shown} chosenId={chosen?.id ?? shown[0]?.id ?? null} onChoose={setChosenId} />
        )}
      </div>
      {chosen ? (
        <ExchangeDetail key={chosen.id} exchange={chosen} onBack={() => setChosenId(null)} />
      ) : (
        <p className="exchange-hint">Choose an exchange to read its payload. Tokens and response URLs are left out.</p>
      )}
    </div>
  );
};
