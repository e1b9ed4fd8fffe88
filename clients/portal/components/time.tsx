import type { ReactNode } from "react";
import { agoWords, wholeTime } from "../messages/times.ts";
import { useNow } from "./use-now.ts";

/** "5 min ago", with the full time as a tooltip. */
export const Time = ({ at }: { at: string }): ReactNode => (
  <time dateTime={at} title={wholeTime(at)}>
    {agoWords(at, useNow())}
  </time>
);
