import type { ReactNode } from "react";
import { timeAgo, fullTime } from "../messages/times.ts";
import { useNow } from "./use-now.ts";

/** "5 min ago", with the full time as a tooltip. */
export const Time = ({ at }: { at: string }): ReactNode => (
  <time dateTime={at} title={fullTime(at)}>
    {timeAgo(at, useNow())}
  </time>
);
