/** One open portal: the client, the query cache, and the events that keep the cache current. */
import { QueryClient } from "@tanstack/react-query";
import { type ApiProblem, type Client, type FollowState, type LiveEvent, createClient } from "../../sdk/index.ts";
import { ownSurroundings } from "../../sdk/surroundings.ts";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import type { ApiCommitDetail, ApiPush } from "../../../shared/contract/resources.ts";
import { visibleIn } from "../../../shared/domain/unseen.ts";
import { keys } from "../data/keys.ts";
import { type PeopleBook, createPeopleBook } from "../data/people-book.ts";
import { affectedBy } from "./affected.ts";
import { activityAfter, activityWith, commitAfter, historyAfter, pushAfter, workAfter } from "./after-event.ts";
import { createRateNotice } from "./rate-notice.ts";
import { type Refresher, createRefresher } from "./refresher.ts";
import { type Observable, observable } from "./observable.ts";
import { isSignedOut, rememberVisit, workspaceOfVisit } from "./sign-in.ts";

export interface Connection {
  state: FollowState;
  /** When events stopped, milliseconds since the epoch; null while they arrive. */
  staleSinceMs: number | null;
  /** Why following events has ended, until a person retries. */
  error: Error | null;
}

export interface Session {
  client: Client;
  queries: QueryClient;
  people: PeopleBook;
  connection: Observable<Connection>;
  /** When requests go on after too many of them, milliseconds since the epoch; null while they are let through. */
  limited: Observable<number | null>;
  /** Null while the person is signed in. */
  signedOut: Observable<ApiProblem | null>;
  /** Follows events from the newest on. Call again after an error. */
  start: () => void;
  /** Reads the newest events after an action of this person, because live events may be slow or interrupted. */
  catchUp: () => void;
}

const newestActivity = 50;
/** Copies of the database are seconds behind it. */
const newsForMs = 10_000;
/** The people of a page are asked for once all else has been read: that takes one request. Looked at so often, ms. */
const gatherPeopleMs = 30;
/** Read with the start of the session. */
const ofStart = new Set<unknown>([keys.activity[0], keys.me[0], keys.workspaces[0]]);

export const createSession = (): Session => {
  const workspace = workspaceOfVisit();
  let newsMs = Number.NEGATIVE_INFINITY;
  const { limited, fetchWithin } = createRateNotice((url, init) => {
    // What the server reads near the browser may be behind an event that has just come.
    const isNews = Date.now() - newsMs < newsForMs;
    return fetch(url, isNews ? { ...init, cache: "reload" } : init);
  }, ownSurroundings());
  const client = createClient({
    baseUrl: location.origin,
    fetch: fetchWithin,
    ...(workspace !== null && { workspace }),
  });
  const signedOut = observable<ApiProblem | null>(null);
  const connection = observable<Connection>({ state: "connecting", staleSinceMs: null, error: null });
  const noticed = (error: unknown): void => {
    if (isSignedOut(error)) signedOut.set(error);
  };
  const queries = newQueries(noticed);
  const refresher = refresherOf(queries);
  const people = createPeopleBook({
    read: async (userIds) => visibleIn((await client.listPeople({ ids: userIds.join(",") })).people),
    soon: (run) => {
      const whenRead = (): void => {
        if (queries.isFetching() > 0) window.setTimeout(whenRead, gatherPeopleMs);
        else run();
      };
      window.setTimeout(whenRead, gatherPeopleMs);
    },
  });

  const become = (state: FollowState): void => {
    const { staleSinceMs } = connection.get();
    const isComing = state === "live" || state === "polling" || state === "connecting";
    connection.set({ state, staleSinceMs: isComing ? null : (staleSinceMs ?? Date.now()), error: null });
  };

  const follow = async (): Promise<void> => {
    // Reads from here on are at least as new as the event from which following begins, so no event is missed.
    const { me, workspaces, people: named, events } = visibleIn(await client.showStart(), ["id"]);
    rememberVisit();
    queries.setQueryData<ReplyOf<"whoAmI">>(keys.me, me);
    queries.setQueryData<ReplyOf<"listWorkspaces">["workspaces"]>(keys.workspaces, workspaces);
    people.learn(named);
    queries.setQueryData<ApiEvent[]>(keys.activity, events);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => !ofStart.has(queryKey[0]) });
    const lastEventId = events[0]?.id ?? 0;
    for await (const event of client.follow({ workspace: true }, { lastEventId, onState: become })) {
      newsMs = Date.now();
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
      const reason = error instanceof Error ? error : new Error(String(error));
      connection.set({ state: "closed", staleSinceMs: connection.get().staleSinceMs ?? Date.now(), error: reason });
    });
  };
  const catchUp = (): void => {
    client.recentEvents({ limit: newestActivity }).then(
      ({ events }) =>
        queries.setQueryData<ApiEvent[]>(keys.activity, (cached) => cached && activityWith(cached, events)),
      // A lost sign-in is shown; the events make up for any other error.
      noticed,
    );
  };
  return { client, queries, people, connection, limited, signedOut, start, catchUp };
};

/** The client retries by itself, and events invalidate the cache. */
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
  createRefresher(ownSurroundings(), {
    read: (queryKey) => void queries.invalidateQueries({ queryKey }),
    isReading: (queryKey) => queries.isFetching({ queryKey }) > 0,
  });

/** Applies the content of an event at once. */
const noteEvent = (queries: QueryClient, event: LiveEvent): void => {
  const { commit, push } = event;
  queries.setQueryData<ApiEvent[]>(keys.activity, (cached) => cached && activityAfter(cached, event));
  if (push !== null)
    queries.setQueriesData<ReplyOf<"listActionItems">>(
      { queryKey: keys.actionItems },
      (cached) => cached && workAfter(cached, event),
    );
  if (commit !== null) {
    queries.setQueryData<ApiCommitDetail>(keys.commit(commit), (cached) => cached && commitAfter(cached, event));
    queries.setQueryData<ApiEvent[]>(keys.history(commit), (cached) => cached && historyAfter(cached, event));
  }
  if (push !== null) queries.setQueryData<ApiPush>(keys.push(push), (cached) => cached && pushAfter(cached, event));
};
