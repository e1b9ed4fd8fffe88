import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { usePeople } from "../data/people.ts";
import { explainFailure } from "../messages/failures.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

interface LoadProps<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "refetch">;
  /** "staged changes" */
  what: string;
  children: (data: T) => ReactNode;
}

/** Shows the result of a query, a loading state, or an error with a retry button. */
export const Load = <T,>({ query, what, children }: LoadProps<T>): ReactNode => {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Loading text={`Loading ${what}…`} />;
};

export const Loading = ({ text }: { text: string }): ReactNode => (
  <p className="loading" role="status">
    <span className="spinner" /> {text}
  </p>
);

export const Failed = ({ error, retry }: { error: unknown; retry: () => void }): ReactNode => {
  const { text, detail } = explainFailure(error, usePeople().nameOf);
  return (
    <div className="failed bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>{text}</p>
        {detail && <p className="fine">{detail}</p>}
        <Button isSmall onClick={retry}>
          Try again
        </Button>
      </div>
    </div>
  );
};
