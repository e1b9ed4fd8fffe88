/** One open portal: the client, what is known of the server, and the events that keep it true. */
import { QueryClient } from "@tanstack/react-query";
import { type ApiProblem, type Client, type FollowState, type LiveEvent, createClient } from "../../sdk/index.ts";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { ApiCommitDetail, ApiPush } from "../../../shared/contract/resources.ts";
import { keys } from "../data/keys.ts";
import { type PeopleBook, createPeopleBook } from "../data/people-book.ts";
import { affectedBy } from "./affected.ts";
import { activityAfter, activityWith, commitAfter, historyAfter, pushAfter } from "./after-event.ts";
import { type Refresher, createRefresher } from "./refresher.ts";
import { type Observable, observable } from "./observable.ts";
import { isSignedOut, workspaceOfVisit } from "./sign-in.ts";

export interface Connection {
  state: FollowState;
  /** Milliseconds since the epoch: since when nothing comes; null while it does. */
  staleSinceMs: number | null;
  /** Why events do not come any more, until somebody tries again. */
  error: Error | null;
}

export interface Session {
  client: Client;
  queries: QueryClient;
  people: PeopleBook;
  connection: Observable<Connection>;
  /** Null while the server takes us for somebody. */
  signedOut: Observable<ApiProblem | null>;
  /** Follows events from the newest on. Again after it has stopped with an error. */
  start: () => void;
  /** Reads what has happened last: after an act of one's own, while events may be slow or do not come. */
  catchUp: () => void;
}

const newestActivity = 50;
/** Within so long a page has met most of the people that it names. */
const meetPeopleMs = 30;

export const createSession = (): Session => {
  const workspace = workspaceOfVisit();
  const client = createClient({ baseUrl: location.origin, ...(workspace !== null && { workspace }) });
  const signedOut = observable<ApiProblem | null>(null);
  const connection = observable<Connection>({ state: "connecting", staleSinceMs: null, error: null });
  const noticed = (error: unknown): void => {
    if (isSignedOut(error)) signedOut.set(error);
  };
  const queries = newQueries(noticed);
  const refresher = refresherOf(queries);
  const people = createPeopleBook({
    ask: async (userIds) => (await client.listPeople({ ids: userIds.join(",") })).people,
    soon: (run) => void window.setTimeout(run, meetPeopleMs),
  });

  const become = (state: FollowState): void => {
    const { staleSinceMs } = connection.get();
    const isComing = state === "live" || state === "polling" || state === "connecting";
    connection.set({ state, staleSinceMs: isComing ? null : (staleSinceMs ?? Date.now()), error: null });
  };

  const follow = async (): Promise<void> => {
    // What is read from here on is at least as new as the event after which we follow: nothing falls in between.
    const { events } = await client.recentEvents({ limit: newestActivity });
    queries.setQueryData<ApiEvent[]>(keys.activity, events);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.activity[0] });
    const lastEventId = events[0]?.id ?? 0;
    for await (const event of client.follow({ workspace: true }, { lastEventId, onState: become })) {
      noteEvent(queries, event);
      refresher.need(affectedBy(event));
    }
  };

  let isFollowing = false;
  const start = (): void => {
    if (isFollowing) return;
    isFollowing = true;
    follow().catch((error: unknown) => {
      isFollowing = false;
      refresher.stop();
      noticed(error);
      const told = error instanceof Error ? error : new Error(String(error));
      connection.set({ state: "closed", staleSinceMs: connection.get().staleSinceMs ?? Date.now(), error: told });
    });
  };
  const catchUp = (): void => {
    client.recentEvents({ limit: newestActivity }).then(
      ({ events }) => queries.setQueryData<ApiEvent[]>(keys.activity, (known) => known && activityWith(known, events)),
      // Who is signed out is told so; anything else is made up for by the events themselves.
      noticed,
    );
  };
  return { client, queries, people, connection, signedOut, start, catchUp };
};

/** The client tries again by itself, and events say when to ask anew. */
const newQueries = (failed: (error: unknown) => void): QueryClient => {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
    },
  });
  queries.getQueryCache().subscribe(({ query }) => failed(query.state.error));
  return queries;
};

const refresherOf = (queries: QueryClient): Refresher =>
  createRefresher(
    {
      now: () => Date.now(),
      setTimeout: (run, delayMs) => window.setTimeout(run, delayMs),
      clearTimeout: (handle) => window.clearTimeout(handle as number),
    },
    {
      read: (queryKey) => void queries.invalidateQueries({ queryKey }),
      isReading: (queryKey) => queries.isFetching({ queryKey }) > 0,
    },
  );

/** What an event tells by itself is shown at once. */
const noteEvent = (queries: QueryClient, event: LiveEvent): void => {
  const { commit, push } = event;
  queries.setQueryData<ApiEvent[]>(keys.activity, (known) => known && activityAfter(known, event));
  if (commit !== null) {
    queries.setQueryData<ApiCommitDetail>(keys.commit(commit), (known) => known && commitAfter(known, event));
    queries.setQueryData<ApiEvent[]>(keys.history(commit), (known) => known && historyAfter(known, event));
  }
  if (push !== null) queries.setQueryData<ApiPush>(keys.push(push), (known) => known && pushAfter(known, event));
};
