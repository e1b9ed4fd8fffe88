import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { useCommits, useMe } from "../data/queries.ts";
import { Failed } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { Person } from "../components/person.tsx";
import { Pill, commitState } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { appliedEverywhere } from "../../../shared/domain/commits/commit.ts";

const statuses = [
  ["", "All that are open or applied"],
  ["in_review", "In review"],
  ["approved", "Approved"],
  ["draft", "Drafts"],
  ["rejected", "Rejected"],
  ["failed", "Push failed"],
  [appliedEverywhere, "Applied everywhere"],
  ["dropped", "Dropped"],
  ["reopened", "Reopened"],
] as const;

/** The filter is part of the address, so that a link carries it. */
export const CommitListPage = (): ReactNode => {
  const [params, setParams] = useSearchParams();
  const me = useMe().data;
  const status = params.get("status");
  const author = params.get("author");
  const commits = useCommits({ status, author });
  const set = (name: string, value: string): void =>
    setParams((before) => {
      if (value === "") before.delete(name);
      else before.set(name, value);
      return before;
    });
  const isFiltered = status !== null || author !== null;
  const pages = commits.data?.pages ?? [];
  const all = pages.flatMap((page) => page.commits);
  return (
    <Page title="Commits">
      <div className="filters">
        <div className="field">
          <label htmlFor="status">Show</label>
          <select id="status" value={status ?? ""} onChange={(event) => set("status", event.target.value)}>
            {statuses.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </div>
        {me && (
          <label className="choice">
            <input
              type="checkbox"
              checked={author === me.userId}
              onChange={(event) => set("author", event.target.checked ? me.userId : "")}
            />
            <span>Only mine</span>
          </label>
        )}
      </div>
      {commits.error && pages.length === 0 && <Failed error={commits.error} again={() => void commits.refetch()} />}
      {commits.isPending && (
        <p className="loading" role="status">
          <span className="spinner" /> Reading the commits…
        </p>
      )}
      {!commits.isPending && all.length === 0 && !commits.error && (
        <p className="empty">{isFiltered ? "There is no such commit." : "Nothing has been committed yet."}</p>
      )}
      <ul className="rows" data-testid="commits" aria-busy={commits.isFetching}>
        {all.map((commit) => (
          <li key={commit.number} className="row">
            <div className="row-main">
              <h2 className="row-title">
                <Link href={`/commits/${commit.number}`}>
                  <span className="number">#{commit.number}</span> {commit.message}
                </Link>
              </h2>
              <p className="fine">
                <Person id={commit.author} /> · <Time at={commit.createdAt} />
              </p>
            </div>
            <Pill {...commitState(commit)} />
          </li>
        ))}
      </ul>
      {commits.hasNextPage && (
        <p className="more">
          <button
            type="button"
            className="button"
            aria-disabled={commits.isFetchingNextPage}
            onClick={() => {
              if (!commits.isFetchingNextPage) void commits.fetchNextPage();
            }}
          >
            {commits.isFetchingNextPage ? "Reading…" : "Older commits"}
          </button>
        </p>
      )}
    </Page>
  );
};
