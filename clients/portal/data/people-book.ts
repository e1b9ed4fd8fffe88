/** What people are called, learnt as their ids are met. */
import type { Observable } from "../live/observable.ts";
import { observable } from "../live/observable.ts";

export interface PeopleBook {
  names: Observable<ReadonlyMap<string, string>>;
  /** Their id while their name is not known; it is asked for then, once. */
  nameOf: (userId: string) => string;
}

interface Asked {
  ask: (userIds: string[]) => Promise<{ userId: string; name: string }[]>;
  /** Runs a little later, when a page has met all that it shows. */
  soon: (run: () => void) => void;
}

/** As many as one request takes. */
const maxAtOnce = 100;
/** Others than people act as well: targets, and CV Ops itself. */
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
        // The ids are shown meanwhile, and the next page asks again.
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
