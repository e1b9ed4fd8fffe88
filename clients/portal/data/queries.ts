/** The queries of the pages. Events keep their data current: see live/session.ts. */
import {
  type UseQueryOptions,
  type UseQueryResult,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import type { Client } from "../../sdk/index.ts";
import type { ApiEvent } from "../../../shared/contract/event.ts";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import type { ApiCommitDetail, ApiPush } from "../../../shared/contract/resources.ts";
import { visibleIn } from "../../../shared/domain/unseen.ts";
import { useClient } from "../app/session-context.ts";
import { type Key, keys } from "./keys.ts";

export type Me = ReplyOf<"whoAmI">;
export type ActionItems = ReplyOf<"listActionItems">;
export type Checks = ReplyOf<"explainPush">;
export type Check = Checks["checks"][number];
export type EntityForm = ReplyOf<"describeEntities">["entities"][number];
export type EntityField = EntityForm["fields"][number];

type Options<T> = Pick<UseQueryOptions<T>, "enabled" | "staleTime" | "placeholderData">;

/** What nobody sees is shown as an escape; forms edit values, and links name rows, as they are. */
const shown = <T>(answer: T): T => visibleIn(answer, ["values", "payload", "id", "entityId"]);

/** Reads from the API. Events keep the answer current, so without options it never expires. */
const useRead = <T>(
  queryKey: Key,
  read: (client: Client, options: { signal: AbortSignal }) => Promise<T>,
  options: Options<T> = {},
): UseQueryResult<T> => {
  const client = useClient();
  return useQuery<T>({ queryKey, queryFn: async ({ signal }) => shown(await read(client, { signal })), ...options });
};

/** The session reads it at the start, and anew when roles or settings change. */
export const useMe = (): UseQueryResult<Me> => useRead(keys.me, (client, options) => client.whoAmI(options));

export type Workspace = ReplyOf<"listWorkspaces">["workspaces"][number];

/** Workspaces of the signed-in person. */
export const useWorkspaces = (): UseQueryResult<Workspace[]> =>
  useRead(keys.workspaces, async (client, options) => (await client.listWorkspaces(options)).workspaces);

export type StagedList = ReplyOf<"listStaged">;

/** What a page lists before somebody asks for more. */
export const firstPage = 20;

/** Everybody's, the reader's first. @param limit a longer list is one request again */
export const useStaged = (limit: number, author?: string): UseQueryResult<StagedList> =>
  useRead(
    [...keys.staged, limit, author ?? ""],
    (client, options) => client.listStaged({ limit, ...(author !== undefined && { author }) }, options),
    { placeholderData: keepPreviousData },
  );

/** All that the reader may see staged: 500 at most. */
export const maxStaged = 500;

export const useActionItems = (limit: number = firstPage): UseQueryResult<ActionItems> =>
  useRead([...keys.actionItems, limit], (client, options) => client.listActionItems({ limit }, options), {
    placeholderData: keepPreviousData,
  });

/** Of each list of action items; the rest is in the list of commits. */
export const maxActionItems = 100;

export const useCommit = (number: number): UseQueryResult<ApiCommitDetail> =>
  useRead(keys.commit(number), (client, options) => client.showCommit({ number }, options));

/** The operations of a commit, page by page; the first ones came with it. */
export const useOperations = ({ number, hash, operations, next }: ApiCommitDetail) => {
  const client = useClient();
  const query = useInfiniteQuery({
    queryKey: keys.operations(number, hash),
    queryFn: async ({ pageParam, signal }) => {
      const page = await client.listOperations({ number }, { after: pageParam, limit: 100 }, { signal });
      // The page is of another content, which the commit has by now: it is being read again.
      if (page.hash !== hash) throw new Error(`Commit #${number} has changed`);
      return { operations: page.operations, next: page.next };
    },
    initialData: { pages: [{ operations, next }], pageParams: [0] },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const more = {
    isFetching: query.isFetchingNextPage,
    failed: query.isFetchNextPageError,
    load: () => void query.fetchNextPage(),
  };
  return { pages: query.data.pages, more };
};

/** Other programs may change rows at a target, which causes no event. */
const freshForMs = 30_000;

/** @param isShown the targets need up to 1.5 s, so only pages that show the checks ask for them */
export const useChecks = (number: number, isShown: boolean): UseQueryResult<Checks> =>
  useRead(keys.checks(number), (client, options) => client.explainPush({ number }, options), {
    enabled: isShown,
    staleTime: freshForMs,
  });

export type Conflict = ReplyOf<"listConflicts">["conflicts"][number];

/** Asks the targets as well. */
export const useConflicts = (number: number, isShown: boolean): UseQueryResult<ReplyOf<"listConflicts">> =>
  useRead(keys.conflicts(number), (client, options) => client.listConflicts({ number }, options), {
    enabled: isShown,
    staleTime: freshForMs,
  });

/** @param number null before there is a push */
export const usePush = (number: number | null): UseQueryResult<ApiPush> =>
  useRead(keys.push(number ?? 0), (client, options) => client.showPush({ number: number ?? 0 }, options), {
    enabled: number !== null,
  });

export const useEntities = (): UseQueryResult<EntityForm[]> =>
  useRead(keys.entities, async (client, options) => (await client.describeEntities(options)).entities);

/** The session fills and updates this cache. Undefined until it follows events. */
const useLoadedActivity = (): ApiEvent[] | undefined =>
  useQuery<ApiEvent[]>({ queryKey: keys.activity, queryFn: () => [], enabled: false }).data;

/** Newest first. */
export const useActivity = (): ApiEvent[] => useLoadedActivity() ?? [];

export const useActivityIsLoaded = (): boolean => useLoadedActivity() !== undefined;

const eventsAtOnce = 500;

/** Events of a commit, oldest first. */
export const useHistory = (commit: number): UseQueryResult<ApiEvent[]> =>
  useRead(keys.history(commit), (client, { signal }) => allEvents(client, commit, signal));

/** A commit has a dozen events or two; of one that was retried for days the first thousand are shown. */
const maxEventPages = 2;

const allEvents = async (client: Client, commit: number, signal: AbortSignal): Promise<ApiEvent[]> => {
  const events: ApiEvent[] = [];
  let lastEventId = 0;
  for (let read = 0; read < maxEventPages; read += 1) {
    const page = await client.listEvents({ commit, lastEventId, limit: eventsAtOnce }, { signal });
    events.push(...page.events);
    if (!page.more) break;
    lastEventId = page.lastEventId;
  }
  return events;
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
    queryFn: async ({ pageParam, signal }) =>
      shown(
        await client.listCommits(
          {
            limit: commitsAtOnce,
            ...(status !== null && { status }),
            ...(author !== null && { author }),
            ...(pageParam !== null && { before: pageParam }),
          },
          { signal },
        ),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
};

/** Asks every target for every row. */
export const useVerify = (): UseQueryResult<ReplyOf<"verify">> =>
  useRead(keys.verify, (client, options) => client.verify(options), { staleTime: freshForMs });

export type Row = ReplyOf<"listRows">["rows"][number];

/** Rows by name. */
export const useRows = (entityType: EntityForm["type"]): UseQueryResult<Row[]> =>
  useRead(keys.rowsOf(entityType), async (client, options) => (await client.listRows({ entityType }, options)).rows, {
    staleTime: freshForMs,
  });

/** @param query an empty text sends no request */
export const useSearch = (query: string): UseQueryResult<ReplyOf<"search">> =>
  useRead([...keys.rows, "search", query], (client, options) => client.search({ q: query, limit: 20 }, options), {
    enabled: query !== "",
    staleTime: freshForMs,
    placeholderData: keepPreviousData,
  });

export type Member = ReplyOf<"listRoles">["members"][number];

export const useRoles = (): UseQueryResult<Member[]> =>
  useRead(keys.roles, async (client, options) => (await client.listRoles(options)).members);

export type PersonExport = ReplyOf<"exportPerson">;

/** What is stored of a person, as it is: they get it as a file. It is not kept once nobody looks at it. */
export const usePersonExport = (userId: string): UseQueryResult<PersonExport> => {
  const client = useClient();
  return useQuery({
    queryKey: keys.personExport(userId),
    queryFn: ({ signal }) => client.exportPerson({ userId }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
};

export const useSettings = (): UseQueryResult<ReplyOf<"showSettings">> =>
  useRead(keys.settings, (client, options) => client.showSettings(options));

export type Token = ReplyOf<"listTokens">["tokens"][number];

export const useTokens = (): UseQueryResult<Token[]> =>
  useRead(keys.tokens, async (client, options) => (await client.listTokens(options)).tokens);

export type Finding = ReplyOf<"runDoctor">["findings"][number];

/** Asked each time that the page is opened: no event says that something is wrong. */
export const useDoctor = (): UseQueryResult<Finding[]> =>
  useRead(keys.doctor, async (client, options) => (await client.runDoctor(options)).findings, { staleTime: 0 });

export type Login = ReplyOf<"showLogin">;

/** A device that asks to act for the person, by its code. */
export const useLogin = (code: string): UseQueryResult<Login> =>
  useRead(keys.login(code), (client, options) => client.showLogin({ code }, options));

export type TargetList = ReplyOf<"listTargets">;
export type Target = TargetList["targets"][number];

/** In the order of a push, without their secrets. */
export const useTargets = (): UseQueryResult<TargetList> =>
  useRead(keys.targets, (client, options) => client.listTargets(options));

export type Webhook = ReplyOf<"listWebhooks">["webhooks"][number];

export const useWebhooks = (): UseQueryResult<Webhook[]> =>
  useRead(keys.webhooks, async (client, options) => (await client.listWebhooks(options)).webhooks);

export type DeadLetter = ReplyOf<"listDeadLetters">["deadLetters"][number];

/** Newest first, page by page. @param all those that are settled too */
export const useDeadLetters = (all: boolean) => {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: [...keys.deadLetters, String(all)],
    queryFn: async ({ pageParam, signal }) =>
      shown(
        await client.listDeadLetters(
          { limit: 50, all: all ? "true" : "false", ...(pageParam !== null && { before: pageParam }) },
          { signal },
        ),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
};

/** What has happened, newest first, page by page. */
export const useLog = () => {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: keys.log,
    queryFn: async ({ pageParam, signal }) =>
      shown(await client.recentEvents({ limit: 50, ...(pageParam !== null && { before: pageParam }) }, { signal })),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    // It is not kept current: what is being read stays where it is.
    staleTime: 0,
  });
};
