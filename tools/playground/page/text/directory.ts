import { createContext, useContext } from "react";
import type { DateReader } from "./dates.ts";

/** What the text of a message refers to: names for ids, and the reader's clock. */
export interface Directory {
  personName: (id: string) => string | null;
  channelName: (id: string) => string | null;
  /** The person who reads, whose own mentions stand out. */
  readerId: string;
  reader: () => DateReader;
  /** Where this page comes from: links to messages of its own workspace stay in the tab. */
  origin: string;
}

export const DirectoryContext = createContext<Directory>({
  personName: () => null,
  channelName: () => null,
  readerId: "",
  reader: () => ({ zone: "UTC", nowMs: 0, hour12: false }),
  origin: "",
});

export const useDirectory = (): Directory => useContext(DirectoryContext);
