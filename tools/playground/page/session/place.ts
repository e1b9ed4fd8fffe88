/** Who the person is and what they look at, in the address: two tabs can be two people, and Back works. */
import { useCallback, useSyncExternalStore } from "react";
import { workspaces } from "../../slack/workspace.ts";

export interface Place {
  /** User id of the acting person. */
  as: string;
  /** A channel id, "portfolio", or the app's tabs "home" and "about"; null is the first channel. */
  at: string | null;
  /** Parent ts of the open thread. */
  thread: string | null;
  /** Ts of the message that a permalink led to. */
  message: string | null;
}

export type Go = (change: Partial<Place>) => void;

const storageKey = "cv-ops.persona";
const actors = workspaces.flatMap(({ people }) => people.filter((person) => !person.is_bot).map(({ id }) => id));

const subscribe = (onChange: () => void): (() => void) => {
  addEventListener("hashchange", onChange);
  addEventListener("popstate", onChange);
  return () => {
    removeEventListener("hashchange", onChange);
    removeEventListener("popstate", onChange);
  };
};

/** Slack's permalinks: `/archives/<channel>/p<ts without its point>[?thread_ts=…]`. */
export const placeOfPermalink = (pathname: string, search: string): Pick<Place, "at" | "thread" | "message"> | null => {
  const match = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?$/.exec(pathname);
  if (!match) return null;
  return {
    at: match[1] ?? null,
    message: match[2] && match[3] ? `${match[2]}.${match[3]}` : null,
    thread: new URLSearchParams(search).get("thread_ts"),
  };
};

/** This tab's persona, else the one last chosen in any tab. */
const rememberedPersona = (): string | null => sessionStorage.getItem(storageKey) ?? localStorage.getItem(storageKey);

const parse = (hash: string): Place => {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const as = [fields.get("as"), rememberedPersona()].find((each) => each !== null && actors.includes(each));
  const linked = placeOfPermalink(location.pathname, location.search);
  return {
    as: as ?? actors[0] ?? "",
    at: fields.get("at") ?? linked?.at ?? null,
    thread: fields.get("thread") ?? linked?.thread ?? null,
    message: fields.get("message") ?? linked?.message ?? null,
  };
};

const remember = (as: string): void => {
  sessionStorage.setItem(storageKey, as);
  localStorage.setItem(storageKey, as);
};

export const usePlace = (): [Place, Go] => {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const go = useCallback<Go>((change) => {
    const next = { ...parse(location.hash), message: null, ...change };
    remember(next.as);
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries(next))
      if (typeof value === "string" && value !== "") fields.set(name, value);
    history.pushState(null, "", `/#${fields}`);
    dispatchEvent(new PopStateEvent("popstate"));
  }, []);
  return [parse(hash), go];
};
