import { createContext, useContext, type ReactNode } from "react";

/** The first steps, shown under the header of whatever is open. */
export interface Guide {
  open: boolean;
  /** How many steps are done and how many there are. */
  done: number;
  total: number;
  toggle: () => void;
  panel: ReactNode;
}

export const GuideContext = createContext<Guide | null>(null);

export const useGuide = (): Guide | null => useContext(GuideContext);
