import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { usePeople } from "../data/people.ts";
import { explainFailure } from "../messages/failures.ts";
import { Icon } from "./icon.tsx";

/** Shows the result of a query, a loading state, or an error with a retry button. */
export const Load = <T,>({
  query,
  what,
  children,
}: {
  query: UseQueryResult<T>;
  /** "the staged changes" */
  what: string;
  children: (data: T) => ReactNode;
}): ReactNode => {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} again={() => void query.refetch()} />;
  return (
    <p className="loading" role="status">
      <span className="spinner" /> Reading {what}…
    </p>
  );
};

export const Failed = ({ error, again }: { error: unknown; again: () => void }): ReactNode => {
  const { text, detail } = explainFailure(error, usePeople().nameOf);
  return (
    <div className="failed" role="alert">
      <Icon name="alert" />
      <div>
        <p>{text}</p>
        {detail && <p className="fine">{detail}</p>}
        <button type="button" className="button small" onClick={again}>
          Try again
        </button>
      </div>
    </div>
  );
};
