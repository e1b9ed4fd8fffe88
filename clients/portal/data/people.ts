import { useObserved, useSession } from "../app/session-context.ts";

export interface People {
  /** The id when the name is not cached. */
  nameOf: (userId: string) => string;
}

export const usePeople = (): People => {
  const { people } = useSession();
  useObserved(people.names);
  return people;
};
