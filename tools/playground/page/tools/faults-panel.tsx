import { useState, type ReactNode } from "react";
import { type Fault, faultGroups } from "../../faults.ts";
import { useSession } from "../session/session-context.ts";

const FaultButton = ({ fault, on }: { fault: Fault; on: boolean }): ReactNode => {
  const { client, report } = useSession();
  const [waiting, setWaiting] = useState(false);
  const toggle = async (): Promise<void> => {
    setWaiting(true);
    const result = await client.setFault({ name: fault.name, on: !on });
    setWaiting(false);
    if (!result.ok) report(result.reason.message);
  };
  return (
    <button
      type="button"
      className={on ? "fault on" : "fault"}
      aria-pressed={on}
      aria-busy={waiting}
      data-testid={`fault-${fault.name}`}
      onClick={() => void toggle()}
    >
      <span className="fault-name">
        {fault.label}
        <span className="fault-state">{on ? (fault.once ? "on, once" : "on") : "off"}</span>
      </span>
      <span className="fault-effect">{fault.effect}</span>
    </button>
  );
};

/** Makes things go wrong, to see what CV Ops makes of it. */
export const FaultsPanel = (): ReactNode => {
  const { state, client, report } = useSession();
  const active = state.faults ?? [];
  const end = async (): Promise<void> => {
    const result = await client.endFaults();
    if (!result.ok) report(result.reason.message);
  };
  return (
    <div className="faults">
      <div className="faults-head">
        <p role="status">
          {active.length === 0
            ? "Everything works. Break something, and see what CV Ops makes of it."
            : `${active.length} ${active.length === 1 ? "fault is" : "faults are"} on, for everyone who uses this page.`}
        </p>
        <button type="button" className="button" disabled={active.length === 0} onClick={() => void end()}>
          Back to normal
        </button>
      </div>
      <div className="fault-groups">
        {faultGroups.map(({ title, faults }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            {faults.map((fault) => (
              <FaultButton key={fault.name} fault={fault} on={active.includes(fault.name)} />
            ))}
          </section>
        ))}
      </div>
    </div>
  );
};
