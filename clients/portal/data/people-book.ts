/** Display names of people, loaded when their ids appear. */
import { type Observable, observable } from "../live/observable.ts";

interface Named {
  userId: string;
  name: string;
}

export interface PeopleBook {
  names: Observable<ReadonlyMap<string, string>>;
  /** Names that came with something else. */
  learn: (people: readonly Named[]) => void;
  /** Returns the id and requests the name once while the name is not cached. */
  nameOf: (userId: string) => string;
}

interface Lookup {
  /** Reads the names of up to 100 people. */
  read: (userIds: string[]) => Promise<Named[]>;
  /** Delayed, so that one request covers all people of a page. */
  soon: (run: () => void) => void;
}

/** Maximum ids of one request. */
const maxIds = 100;
/** Targets and CV Ops itself also act; they have no name to look up. */
const isUserId = (id: string): boolean => /^[UW][A-Z0-9]{2,20}$/.test(id);

export const createPeopleBook = ({ read, soon }: Lookup): PeopleBook => {
  const names = observable<ReadonlyMap<string, string>>(new Map());
  const requested = new Set<string>();
  let pending: string[] = [];
  const learn = (people: readonly Named[]): void =>
    names.set(new Map([...names.get(), ...people.map(({ userId, name }) => [userId, name] as const)]));
  const send = (): void => {
    const userIds = pending.slice(0, maxIds);
    pending = pending.slice(maxIds);
    if (pending.length > 0) soon(send);
    read(userIds).then(learn, () => {
      // After a failure the ids stay visible, and the next page retries.
      for (const userId of userIds) requested.delete(userId);
    });
  };
  return {
    names,
    learn,
    nameOf: (userId) => {
      const name = names.get().get(userId);
      if (name !== undefined) return name;
      if (!requested.has(userId) && isUserId(userId)) {
        requested.add(userId);
        pending.push(userId);
        if (pending.length === 1) soon(send);
      }
      return userId;
    },
  };
};
