/** Display names of people, loaded when their ids appear. */
import type { Observable } from "../live/observable.ts";
import { observable } from "../live/observable.ts";

export interface PeopleBook {
  names: Observable<ReadonlyMap<string, string>>;
  /** Returns the id and requests the name once while the name is not cached. */
  nameOf: (userId: string) => string;
}

interface Asked {
  ask: (userIds: string[]) => Promise<{ userId: string; name: string }[]>;
  /** Delayed, so that one request covers all people of a page. */
  soon: (run: () => void) => void;
}

/** Maximum ids of one request. */
const maxAtOnce = 100;
/** Targets and CV Ops itself also act; they have no name to look up. */
const isUserId = (id: string): boolean => /^[UW][A-Z0-9]{2,20}$/.test(id);

export const createPeopleBook = ({ ask, soon }: Asked): PeopleBook => {
  const names = observable<ReadonlyMap<string, string>>(new Map());
  const asked = new Set<string>();
  let waiting: string[] = [];
  const send = (): void => {
    const userIds = waiting.slice(0, maxAtOnce);
    waiting = waiting.slice(maxAtOnce);
    if (waiting.length > 0) soon(send);
    ask(userIds).then(
      (people) => names.set(new Map([...names.get(), ...people.map(({ userId, name }) => [userId, name] as const)])),
      () => {
        // After a failure the ids stay visible, and the next page retries.
        for (const userId of userIds) asked.delete(userId);
      },
    );
  };
  return {
    names,
    nameOf: (userId) => {
      const name = names.get().get(userId);
      if (name !== undefined) return name;
      if (!asked.has(userId) && isUserId(userId)) {
        asked.add(userId);
        waiting.push(userId);
        if (waiting.length === 1) soon(send);
      }
      return userId;
    },
  };
};
