/** What a select menu offers: a list of its own, or what the app finds for what is typed. */
import { useEffect, useMemo, useRef, useState } from "react";

export interface Choice {
  value: string;
  label: string;
  description?: string;
  group?: string;
}

export interface Found {
  choices: readonly Choice[];
  /** Why there are none, when the app did not say which. */
  error: string | null;
}

export type ChoiceSource = readonly Choice[] | ((query: string) => Promise<Found>);

type Loaded = { state: "loading" } | { state: "short" } | ({ state: "ready" } & Found);

const typingPauseMs = 150;

export const useChoices = (source: ChoiceSource, query: string, minQueryLength: number): Loaded => {
  const [remote, setRemote] = useState<Loaded>({ state: "loading" });
  const loader = useRef(source);
  loader.current = source;
  const isRemote = typeof source === "function";
  useEffect(() => {
    if (!isRemote) return;
    if (query.length < minQueryLength) {
      setRemote({ state: "short" });
      return;
    }
    setRemote({ state: "loading" });
    let current = true;
    const timer = setTimeout(() => {
      const load = loader.current;
      if (typeof load === "function")
        void load(query).then((found) => current && setRemote({ state: "ready", ...found }));
    }, typingPauseMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [isRemote, query, minQueryLength]);
  return useMemo(() => {
    if (typeof source === "function") return remote;
    const wanted = query.trim().toLowerCase();
    return {
      state: "ready",
      choices: source.filter((choice) => choice.label.toLowerCase().includes(wanted)),
      error: null,
    };
  }, [source, remote, query]);
};

/** What is said in place of choices; null when there are some. */
export const menuNote = (loaded: Loaded, minQueryLength: number): string | null => {
  switch (loaded.state) {
    case "loading":
      return "Loading…";
    case "short":
      return minQueryLength === 1
        ? "Type a character to search"
        : `Type ${minQueryLength} or more characters to search`;
    case "ready":
      return loaded.error ?? (loaded.choices.length === 0 ? "Nothing found" : null);
  }
};
