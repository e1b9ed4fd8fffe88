import type { ReactNode } from "react";

/** Shown rather than nothing, so that an app's author sees what this page cannot draw. */
export const Unsupported = ({ kind, type }: { kind: "block" | "element"; type: string }): ReactNode => (
  <div className="unsupported" role="note">
    Unsupported {kind} <code>{type}</code>: the local Slack cannot show it.
  </div>
);
