import { useState, type KeyboardEvent, type ReactNode } from "react";
import { entityOf, entityTypes, type EntityType } from "../../../../shared/domain/portfolio/registry.ts";
import { EntityTable } from "./entity-table.tsx";
import { tableKey, targets, usePortfolio, type PortfolioData, type Table } from "./portfolio-data.ts";
import { Header } from "../shell/header.tsx";
import { Search } from "./search.tsx";

const liveRows = (table: Table | undefined): number | null =>
  !table || "error" in table ? null : table.rows.filter((row) => row.deletedAt === null).length;

const hasChanges = (table: Table | undefined): boolean =>
  table !== undefined && "changed" in table && table.changed.size > 0;

const Tabs = ({
  data,
  type,
  onChoose,
}: {
  data: PortfolioData;
  type: EntityType;
  onChoose: (type: EntityType) => void;
}): ReactNode => {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = entityTypes[(entityTypes.indexOf(type) + step + entityTypes.length) % entityTypes.length];
    if (!next) return;
    onChoose(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-type=${next}]`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label="Kinds of rows" onKeyDown={onKeyDown}>
      {entityTypes.map((each) => {
        const counts = targets.map((target) => liveRows(data.tables[tableKey(target.name, each)]));
        const changed = targets.some((target) => hasChanges(data.tables[tableKey(target.name, each)]));
        const shown = counts[0] === counts[1] ? (counts[0] ?? "…") : counts.map((count) => count ?? "?").join(" / ");
        return (
          <button
            key={each}
            type="button"
            role="tab"
            id={`tab-${each}`}
            data-type={each}
            aria-selected={each === type}
            aria-controls="portfolio-panel"
            tabIndex={each === type ? 0 : -1}
            className={changed ? "tab changed" : "tab"}
            onClick={() => onChoose(each)}
          >
            {entityOf(each).plural} <span className="count">{shown}</span>
          </button>
        );
      })}
    </div>
  );
};

const deletedNote = (table: Table | undefined): string => {
  const deleted = table && "rows" in table ? table.rows.filter((row) => row.deletedAt !== null).length : 0;
  return deleted === 0 ? "" : ` · ${deleted} deleted`;
};

export const PortfolioView = ({ onMenu }: { onMenu: () => void }): ReactNode => {
  const data = usePortfolio();
  const [type, setType] = useState<EntityType>("technology");
  return (
    <main className="main portfolio">
      <Header title="Portfolio" topic="What the two targets hold right now" onMenu={onMenu}>
        <button
          type="button"
          className={data.loading ? "button quiet pending" : "button quiet"}
          aria-busy={data.loading}
          onClick={data.reload}
        >
          Refresh
        </button>
      </Header>
      <Search loads={data.loads} />
      <Tabs data={data} type={type} onChoose={setType} />
      <div className="targets" role="tabpanel" id="portfolio-panel" aria-labelledby={`tab-${type}`}>
        {targets.map((target) => {
          const table = data.tables[tableKey(target.name, type)];
          return (
            <section
              key={target.name}
              className="target"
              aria-label={target.title}
              data-testid={`target-${target.name}`}
            >
              <h2>
                {target.title}{" "}
                <span className="count">
                  {liveRows(table) ?? "…"} rows{deletedNote(table)}
                </span>
              </h2>
              <p className="purpose">{target.purpose}</p>
              <EntityTable table={table} type={type} loads={data.loads} />
            </section>
          );
        })}
      </div>
    </main>
  );
};
