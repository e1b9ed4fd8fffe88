/** What moves old events to R2, and how they are found there again. */
import * as z from "zod/mini";

/** An archive holds the events of so many numbers of a workspace. A trigger of the log divides by it as well. */
export const archivedNumbers = 512;

/** So many of a workspace's newest numbers stay in D1, however old they are: lists begin with them. */
export const newestKept = 128;

/** Events stay in D1 for so many days. Longer than a webhook's deliveries are kept, which name their event. */
export const eventDays = 90;

/** An event as its row has it. The names are those of the columns, because an archive is read as rows are. */
export const storedEventSchema = z.object({
  id: z.int(),
  number: z.int(),
  type: z.string(),
  commit_id: z.nullable(z.string()),
  push_id: z.nullable(z.string()),
  job_id: z.nullable(z.string()),
  attempt: z.nullable(z.int()),
  actor_kind: z.string(),
  actor_id: z.string(),
  /** JSON, as it stands in the row. */
  data: z.string(),
  trace_id: z.string(),
  created_at: z.string(),
  token_id: z.nullable(z.string()),
});
export type StoredEvent = z.infer<typeof storedEventSchema>;

export interface Archive {
  position: number;
  /** Of the object, as 64 hex digits. */
  sha256: string;
}

/** Numbers: from the first up to and without the second. */
export interface NumberRange {
  from: number;
  below: number;
}

export const numbersOf = (position: number): NumberRange => ({
  from: position * archivedNumbers,
  below: (position + 1) * archivedNumbers,
});

export interface Erasure {
  userId: string;
  pseudonym: string;
}

const objectIn = (json: string): Record<string, unknown> | null => {
  try {
    const found: unknown = JSON.parse(json);
    return typeof found === "object" && found !== null && !Array.isArray(found) ? { ...found } : null;
  } catch {
    return null;
  }
};

/** What `erasePerson` of the storage does to a row of the log. */
export const erasedIn = (event: StoredEvent, { userId, pseudonym }: Erasure): StoredEvent => {
  const { type, actor_id: actorId } = event;
  const data = objectIn(event.data);
  const namesToken = (type === "token.created" || type === "token.revoked") && actorId === userId;
  const hasLeft = type === "member.left" && data?.["userId"] === userId;
  const without =
    data === null || !(namesToken || hasLeft)
      ? event.data
      : JSON.stringify({ ...data, ...(namesToken ? { name: "erased" } : { tokens: [] }) });
  return {
    ...event,
    actor_id: actorId === userId ? pseudonym : actorId,
    data: without.replaceAll(userId, pseudonym),
  };
};

/** Whether a row of the log names them. */
export const names = ({ actor_id: actorId, data }: StoredEvent, userId: string): boolean =>
  actorId === userId || data.includes(userId);
