import { useObserved, useSession } from "../app/session-context.ts";
import type { PeopleBook } from "./people-book.ts";

/** Renders again when a name has been loaded. */
export const usePeople = (): PeopleBook => {
  const { people } = useSession();
  useObserved(people.names);
  return people;
};
