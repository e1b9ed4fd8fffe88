import type { ReactNode } from "react";
import { faultTitle } from "../../faults.ts";
import { useSession } from "../session/session-context.ts";

/** Says on every page that things go wrong on purpose. */
export const FaultBanner = (): ReactNode => {
  const { state, client, report } = useSession();
  const active = state.faults ?? [];
  if (active.length === 0) return null;
  const end = async (): Promise<void> => {
    const result = await client.endFaults();
    if (!result.ok) report(result.reason.message);
  };
  return (
    <div className="banner fault-banner" role="status">
      <span>
        <span aria-hidden="true">⚠ </span>On purpose: {active.map(faultTitle).join(" · ")}
      </span>
      <button type="button" className="button quiet" onClick={() => void end()}>
        Back to normal
      </button>
    </div>
  );
};
