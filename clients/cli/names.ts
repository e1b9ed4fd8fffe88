/** Shows people by name in text for people; JSON keeps the ids. */
import { ApiProblem, BadAnswer, type Client, Unreachable } from "../sdk/index.ts";

/** The members of answers that hold user ids; other members are data. */
const namesPeople = new Set([
  "author",
  "owner",
  "contributors",
  "by",
  "requestedBy",
  "reviewers",
  "who",
  "userId",
  "userIds",
  "whoMay",
  "decidedBy",
  "id",
]);
const isData = new Set(["diff", "payload"]);
const userId = /^[UW][A-Z0-9]{2,20}$/;
/** In one request. */
const maxIds = 100;

const mapPeople = (value: unknown, key: string, nameOf: (id: string) => string): unknown => {
  if (typeof value === "string") return namesPeople.has(key) && userId.test(value) ? nameOf(value) : value;
  if (Array.isArray(value)) return value.map((each) => mapPeople(each, key, nameOf));
  if (value === null || typeof value !== "object" || isData.has(key)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapPeople(inner, name, nameOf)]));
};

export type Named = <T>(answer: T) => Promise<T>;

/** Looks up the people of an answer who are not cached yet. When the lookup fails, the ids stay. */
export const createNames = (client: Pick<Client, "listPeople">): Named => {
  const names = new Map<string, string>();
  const lookUp = async (ids: readonly string[]): Promise<void> => {
    try {
      const { people } = await client.listPeople({ ids: ids.join(",") });
      for (const { userId: id, name } of people) names.set(id, name);
    } catch (error) {
      if (!(error instanceof ApiProblem || error instanceof Unreachable || error instanceof BadAnswer)) throw error;
    }
    for (const id of ids) if (!names.has(id)) names.set(id, id);
  };
  return async (answer) => {
    const missing = new Set<string>();
    mapPeople(answer, "", (id) => {
      if (!names.has(id)) missing.add(id);
      return id;
    });
    if (missing.size > 0) await lookUp([...missing].slice(0, maxIds));
    return mapPeople(answer, "", (id) => names.get(id) ?? id) as typeof answer;
  };
};
