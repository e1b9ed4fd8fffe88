import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { useCommits, useMe } from "../data/queries.ts";
import { overlapsText } from "../../../shared/messages/en/overlaps.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { summaryText } from "../../../shared/messages/en/commits.ts";
import { AuthorWords } from "../components/author-words.tsx";
import { Button } from "../components/button.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { Pill, commitState } from "../components/state.tsx";
import { Time } from "../components/time.tsx";
import { appliedEverywhere } from "../../../shared/domain/commits/commit.ts";

const statuses = [
  ["", "Open or applied"],
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
  return (
    <Page title="Commits">
      <div className="filters">
        <div className="field">
          <label htmlFor="status">Show</label>
          <select id="status" value={status ?? ""} onChange={(event) => set("status", event.target.value)}>
            {statuses.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
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
      <Load query={commits} what="commits">
        {({ pages }) => (
          <div aria-busy={commits.isFetching}>
            <List
              className="rows"
              testId="commits"
              items={pages.flatMap((page) => page.commits)}
              empty={isFiltered ? "No commits match this filter." : "Nothing has been committed yet."}
            >
              {(commit) => (
                <li key={commit.number} className="row">
                  <div className="row-main">
                    <h2 className="row-title">
                      <Link href={`/commits/${commit.number}`}>
                        <span className="number">#{commit.number}</span> {summaryText(commit.summary)}
                      </Link>
                    </h2>
                    <AuthorWords author={commit.author} words={commit.message} />
                    <p className="fine">
                      <Time at={commit.createdAt} />
                      {commit.overlaps.length > 0 && <> · {plainText(overlapsText(commit.overlaps))}</>}
                    </p>
                  </div>
                  <Pill {...commitState(commit)} />
                </li>
              )}
            </List>
          </div>
        )}
      </Load>
      {commits.hasNextPage && (
        <p className="more">
          <Button aria-disabled={commits.isFetchingNextPage} onClick={() => void commits.fetchNextPage()}>
            {commits.isFetchingNextPage ? "Loading…" : "Older commits"}
          </Button>
        </p>
      )}
    </Page>
  );
};
