import type { ReactNode } from "react";

/** The sign of CV Ops. */
export const Mark = (): ReactNode => (
  <svg className="mark" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M8 22V10m0 6h9a5 5 0 0 0 5-5" />
    <circle cx="8" cy="9" r="3" />
    <circle cx="8" cy="23" r="3" />
    <circle className="tip" cx="23" cy="9.5" r="3.4" />
  </svg>
);

/** Above what is not in the shell of the pages. */
export const Brand = (): ReactNode => (
  <p className="brand">
    <Mark /> CV Ops
  </p>
);
