/** The queries of the pages. Events keep their data current: see live/session.ts. */
import { type UseQueryResult, keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Client } from "../../sdk/index.ts";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import type { ApiChange, ApiCommitDetail, ApiPush } from "../../../shared/contract/resources.ts";
import { useClient } from "../app/session-context.ts";
import { keys } from "./keys.ts";

export type Me = ReplyOf<"whoAmI">;
export type ActionItems = ReplyOf<"listActionItems">;
export type Checks = ReplyOf<"explainPush">;
export type Check = Checks["checks"][number];
export type EntityForm = ReplyOf<"describeEntities">["entities"][number];
export type EntityField = EntityForm["fields"][number];

export const useMe = (): UseQueryResult<Me> => {
  const client = useClient();
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => client.whoAmI({ signal }) });
};

export type Workspace = ReplyOf<"listWorkspaces">["workspaces"][number];

/** Workspaces of the signed-in person. */
export const useWorkspaces = (): UseQueryResult<Workspace[]> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.workspaces,
    queryFn: async ({ signal }) => (await client.listWorkspaces({ signal })).workspaces,
  });
};

export const useStaged = (): UseQueryResult<ApiChange[]> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.staged,
    queryFn: async ({ signal }) => (await client.listStaged({}, { signal })).changes,
  });
};

export const useActionItems = (): UseQueryResult<ActionItems> => {
  const client = useClient();
  return useQuery({ queryKey: keys.actionItems, queryFn: ({ signal }) => client.listActionItems({ signal }) });
};

export const useCommit = (number: number): UseQueryResult<ApiCommitDetail> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.commit(number),
    queryFn: ({ signal }) => client.showCommit({ number }, { signal }),
  });
};

/** @param isAsked the targets need up to 1.5 s, so only pages that show the checks ask */
export const useChecks = (number: number, isAsked: boolean): UseQueryResult<Checks> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.checks(number),
    queryFn: ({ signal }) => client.explainPush({ number }, { signal }),
    enabled: isAsked,
    // Drift at a target causes no event.
    staleTime: 30_000,
  });
};

/** @param number null before there is a push */
export const usePush = (number: number | null): UseQueryResult<ApiPush> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.push(number ?? 0),
    queryFn: ({ signal }) => client.showPush({ number: number ?? 0 }, { signal }),
    enabled: number !== null,
  });
};

export const useEntities = (): UseQueryResult<EntityForm[]> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.entities,
    queryFn: async ({ signal }) => (await client.describeEntities({ signal })).entities,
  });
};

/** Newest first. The session fills and updates this cache. */
export const useActivity = (): ApiEvent[] =>
  useQuery<ApiEvent[]>({ queryKey: keys.activity, queryFn: () => [], enabled: false }).data ?? [];

/** Whether the session has begun to follow events. */
export const useActivityIsKnown = (): boolean =>
  useQuery<ApiEvent[]>({ queryKey: keys.activity, queryFn: () => [], enabled: false }).data !== undefined;

const eventsAtOnce = 500;

/** Events of a commit, oldest first. */
export const useHistory = (commit: number | null): UseQueryResult<ApiEvent[]> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.history(commit ?? 0),
    queryFn: ({ signal }) => allEvents(client, commit ?? 0, signal),
    enabled: commit !== null,
  });
};

const allEvents = async (client: Client, commit: number, signal: AbortSignal): Promise<ApiEvent[]> => {
  const events: ApiEvent[] = [];
  for (let lastEventId = 0; ;) {
    const page = await client.listEvents({ commit, lastEventId, limit: eventsAtOnce }, { signal });
    events.push(...page.events);
    if (!page.more) return events;
    lastEventId = page.lastEventId;
  }
};

const commitsAtOnce = 20;

export interface CommitFilter {
  status: string | null;
  author: string | null;
}

/** Newest first, page by page. */
export const useCommits = ({ status, author }: CommitFilter) => {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: [...keys.commits, status, author],
    queryFn: ({ pageParam, signal }) =>
      client.listCommits(
        {
          limit: commitsAtOnce,
          ...(status !== null && { status }),
          ...(author !== null && { author }),
          ...(pageParam !== null && { before: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
};

export type Row = ReplyOf<"listRows">["rows"][number];

/** Rows by name. Other programs may change rows, so the cache expires soon. */
export const useRows = (entityType: EntityForm["type"]): UseQueryResult<Row[]> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.rowsOf(entityType),
    queryFn: async ({ signal }) => (await client.listRows({ entityType }, { signal })).rows,
    staleTime: freshForMs,
  });
};

const freshForMs = 30_000;

/** @param query an empty text sends no request */
export const useSearch = (query: string): UseQueryResult<ReplyOf<"search">> => {
  const client = useClient();
  return useQuery({
    queryKey: [...keys.rows, "search", query],
    queryFn: ({ signal }) => client.search({ q: query, limit: 20 }, { signal }),
    enabled: query !== "",
    staleTime: freshForMs,
    placeholderData: keepPreviousData,
  });
};
