import { createContext, useContext, useSyncExternalStore } from "react";
import type { Client } from "../../sdk/index.ts";
import type { Observable } from "../live/observable.ts";
import type { Session } from "../live/session.ts";

export const SessionContext = createContext<Session | null>(null);

export const useSession = (): Session => {
  const session = useContext(SessionContext);
  if (!session) throw new Error("There is no session here");
  return session;
};

export const useClient = (): Client => useSession().client;

export const useObserved = <T>({ subscribe, get }: Observable<T>): T => useSyncExternalStore(subscribe, get);
