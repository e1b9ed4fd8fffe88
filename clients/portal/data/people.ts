import { useObserved, useSession } from "../app/session-context.ts";

export interface People {
  /** Their id where their name is not known. */
  nameOf: (userId: string) => string;
}

export const usePeople = (): People => {
  const { people } = useSession();
  useObserved(people.names);
  return people;
};
