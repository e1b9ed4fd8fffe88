import type { ReactNode } from "react";

/** Paths in a box of 16 by 16. */
const paths = {
  check: "M3 8.5l3.2 3.2L13 4.8",
  close: "M4 4l8 8M12 4l-8 8",
  alert: "M8 2.5l6 10.8H2L8 2.5zM8 6.8v3M8 11.7v.1",
  plus: "M8 3v10M3 8h10",
  arrow: "M3 8h10M9 4l4 4-4 4",
  search: "M7 12A5 5 0 107 2a5 5 0 000 10zM10.7 10.7L14 14",
  sun: "M8 11a3 3 0 100-6 3 3 0 000 6zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1",
  moon: "M13 9.5A5.5 5.5 0 016.5 3 5.5 5.5 0 1013 9.5z",
  system: "M2 3.5h12v7.5H2zM6 13.5h4M8 11v2.5",
  clock: "M8 14A6 6 0 108 2a6 6 0 000 12zM8 5v3.2l2 1.3",
  question: "M8 14A6 6 0 108 2a6 6 0 000 12zM6.3 6.3a1.8 1.8 0 113 1.3c-.8.6-1.3.9-1.3 1.7M8 11.3v.1",
  lock: "M4 7.5h8v5.5H4zM5.5 7.5V5.5a2.5 2.5 0 015 0v2",
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }): ReactNode => (
  <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
