import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { summaryText } from "../../../shared/messages/en/commits.ts";
import { AuthorWords } from "../components/author-words.tsx";
import { useMe, useSearch } from "../data/queries.ts";
import { RowKind } from "../components/diff.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Page } from "../components/page.tsx";
import { Section } from "../components/section.tsx";
import { Pill, commitState } from "../components/state.tsx";
import { Time } from "../components/time.tsx";

/** Rows by meaning, and commits by their words. */
export const SearchPage = (): ReactNode => {
  const [params] = useSearchParams();
  const query = (params.get("q") ?? "").trim();
  const found = useSearch(query);
  return (
    <Page
      title={query === "" ? "Search" : `“${query}”`}
      lead={<p>Rows of the portfolio by meaning, best match first, and commits by their words.</p>}
    >
      {query === "" ? (
        <p className="empty">Type a search above.</p>
      ) : (
        <Load query={found} what="the portfolio">
          {({ hits, commits }) => (
            <div className="columns">
              <Section title="Rows" count={hits.length}>
                <List
                  as="ol"
                  className="rows"
                  testId="hits"
                  items={hits}
                  empty="No row fits. Other words may; what was pushed a moment ago is found once its push is searchable."
                >
                  {(hit) => <Hit key={`${hit.entityType}/${hit.id}`} {...hit} />}
                </List>
              </Section>
              <Section as="aside" title="Commits" count={commits.length}>
                <List className="rows" testId="found-commits" items={commits} empty="No commit has all these words.">
                  {(commit) => <FoundCommit key={commit.number} commit={commit} />}
                </List>
              </Section>
            </div>
          )}
        </Load>
      )}
    </Page>
  );
};

type Found = ReplyOf<"search">;

const Hit = ({ entityType, id, name, score }: Found["hits"][number]): ReactNode => {
  const me = useMe().data;
  return (
    <li className="row">
      <div className="row-main">
        <h3 className="row-title">{name}</h3>
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
  );
};

const FoundCommit = ({ commit }: { commit: Found["commits"][number] }): ReactNode => (
  <li className="row">
    <div className="row-main">
      <h3 className="row-title">
        <Link href={`/commits/${commit.number}`}>
          <span className="number">#{commit.number}</span> {summaryText(commit.summary)}
        </Link>
      </h3>
      <AuthorWords author={commit.author} words={commit.message} />
      <p className="fine">
        <Time at={commit.createdAt} />
      </p>
    </div>
    <Pill {...commitState(commit)} />
  </li>
);
