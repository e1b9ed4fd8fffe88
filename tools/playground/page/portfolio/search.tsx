import { useEffect, useState, type ReactNode } from "react";
import type { SearchHits } from "../../client-protocol.ts";
import { useSession } from "../session/session-context.ts";

const typingPauseMs = 250;

type Found = { query: string; hits: SearchHits["hits"] } | { query: string; error: string };

const useSearch = (query: string, loads: number): Found | null => {
  const { client } = useSession();
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (query === "") {
      setFound(null);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      void client.search(query).then((result) => {
        if (current) setFound(result.ok ? { query, hits: result.value.hits } : { query, error: result.reason.message });
      });
    }, typingPauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, query, loads]);
  return found;
};

const Hits = ({ found }: { found: Found }): ReactNode => {
  if ("error" in found)
    return (
      <p className="empty" role="alert">
        ⚠ {found.error}
      </p>
    );
  if (found.hits.length === 0) return <p className="empty">No row matches “{found.query}”.</p>;
  return (
    <ol className="hits">
      {found.hits.map((hit) => (
        <li key={`${hit.entityType} ${hit.id}`}>
          <span className="hit-name">{hit.name}</span>
          <span className="hit-type">{hit.entityType}</span>
          <meter min={0} max={1} value={Math.max(0, Math.min(1, hit.score))} aria-label="Match" />
          <span className="hit-score">{hit.score.toFixed(3)}</span>
        </li>
      ))}
    </ol>
  );
};

/** @param loads counts reloads of the portfolio: the same question is asked again after each */
export const Search = ({ loads }: { loads: number }): ReactNode => {
  const [query, setQuery] = useState("");
  const found = useSearch(query.trim(), loads);
  return (
    <section className="search" aria-label="Semantic search">
      <label>
        <span>Semantic search</span>
        <input
          type="search"
          data-testid="search-input"
          placeholder="systems programming, data pipelines, leading teams…"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </label>
      <div role="status" aria-live="polite">
        {found && <Hits found={found} />}
      </div>
    </section>
  );
};
