import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { useMe, useSearch } from "../data/queries.ts";
import { RowKind } from "../components/diff.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Page } from "../components/page.tsx";

/** Semantic search for rows. */
export const SearchPage = (): ReactNode => {
  const [params] = useSearchParams();
  const query = (params.get("q") ?? "").trim();
  const found = useSearch(query);
  const me = useMe().data;
  return (
    <Page
      title={query === "" ? "Search" : `“${query}”`}
      lead={<p>Rows of the portfolio by meaning, best match first.</p>}
    >
      {query === "" ? (
        <p className="empty">Type a search above.</p>
      ) : (
        <Load query={found} what="the portfolio">
          {({ hits, target }) => (
            <List as="ol" className="rows" testId="hits" items={hits} empty={`${target} found no match.`}>
              {({ entityType, id, name, score }) => (
                <li key={`${entityType}/${id}`} className="row">
                  <div className="row-main">
                    <h2 className="row-title">{name}</h2>
                    <p className="fine">
                      <RowKind entityType={entityType} entityId={id} /> · {Math.round(score * 100)} % match
                    </p>
                  </div>
                  {me?.permissions.includes("stage") === true && (
                    <Link
                      href={`/stage?type=${entityType}&row=${encodeURIComponent(id)}`}
                      className="button small"
                      aria-label={`Change ${name}`}
                    >
                      Change
                    </Link>
                  )}
                </li>
              )}
            </List>
          )}
        </Load>
      )}
    </Page>
  );
};
