/** Whether the world is as the story says. */
import type { PortfolioRows, SearchHits } from "../client-protocol.ts";
import type { Ending } from "./story.ts";
import type { Transcript } from "./transcript.ts";

export interface Check {
  name: string;
  ok: boolean;
  /** What was found. */
  found: string;
}

const slackAckLimitMs = 3000;

export const checkWorld = async (url: string, ending: Ending, transcript: Transcript): Promise<Check[]> => {
  const [d1cv, aiAgent, rustHits, jqueryHits] = await Promise.all([
    technologiesOf(url, "d1cv"),
    technologiesOf(url, "ai-agent"),
    search(url, "Rust"),
    search(url, "jQuery"),
  ]);
  const slowest = Math.max(
    ...transcript.entries.map((entry) => (entry.kind === "did" ? (entry.ackMs ?? Infinity) : 0)),
  );
  return [
    check("Python has 8 years in d1cv", yearsOf(d1cv, "python-1"), (years) => years === 8),
    check("Python has 8 years in ai-agent", yearsOf(aiAgent, "python-1"), (years) => years === 8),
    check("Rust is in d1cv", byName(d1cv, "Rust"), (row) => row?.deletedAt === null),
    check("Rust is in ai-agent", byName(aiAgent, "Rust"), (row) => row?.deletedAt === null),
    check("jQuery is soft-deleted in d1cv", byName(d1cv, "jQuery"), (row) => typeof row?.deletedAt === "string"),
    check("jQuery is gone from ai-agent", byName(aiAgent, "jQuery"), (row) => row === null),
    check(
      "search for Rust finds Rust first",
      rustHits.map(({ name }) => name),
      ([first]) => first === "Rust",
    ),
    check(
      "search for jQuery finds others",
      jqueryHits.map(({ name }) => name),
      (names) => names.length > 0 && !names.includes("jQuery"),
    ),
    check("the thread says verified", ending.thread, (texts) => texts.some((text) => /verified/i.test(text))),
    check("the thread shows d1cv before ai-agent", ending.thread, showsInOrder),
    check("commit 1 is applied everywhere", ending.commit, (text) =>
      /applied_all|Applied to d1cv, ai-agent/.test(text),
    ),
    check("each card stands in the channel once", ending.cards, (cards) => new Set(cards).size === cards.length),
    check("private replies stay private", transcript.overheard, (cases) => cases.length === 0),
    check("every ack came within 3 s", `slowest ${Math.round(slowest)} ms`, () => slowest < slackAckLimitMs),
  ];
};

const check = <T>(name: string, found: T, isRight: (found: T) => boolean): Check => ({
  name,
  ok: isRight(found),
  found: typeof found === "string" ? found : JSON.stringify(found),
});

type Row = PortfolioRows["rows"][number];

const technologiesOf = async (url: string, target: string): Promise<Row[]> => {
  const body: PortfolioRows = JSON.parse(
    await get(`${url}/playground/client/portfolio?target=${target}&type=technology`),
  );
  return body.rows;
};

const search = async (url: string, query: string): Promise<SearchHits["hits"]> => {
  const body: SearchHits = JSON.parse(await get(`${url}/playground/client/search?q=${encodeURIComponent(query)}`));
  return body.hits;
};

const get = async (url: string): Promise<string> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text.slice(0, 300)}`);
  return text;
};

const yearsOf = (rows: Row[], id: string): unknown =>
  rows.find((row) => row.id === id)?.values["experience_years"] ?? null;

const byName = (rows: Row[], name: string): Row | null => rows.find((row) => row.values["name"] === name) ?? null;

/** Among the outcomes in the thread, which each begin with their target's name. */
const showsInOrder = (texts: string[]): boolean => {
  const first = texts.findIndex((text) => text.startsWith("d1cv "));
  const second = texts.findIndex((text) => text.startsWith("ai-agent "));
  return first !== -1 && first < second;
};
