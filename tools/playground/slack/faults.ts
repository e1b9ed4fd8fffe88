/** Which faults are on. The words for them are in ../faults.ts, what they do is where requests pass. */
import { type FaultName, faultNames, findFault } from "../faults.ts";
import type { FaultInput, Faults } from "../client-protocol.ts";
import type { Slack } from "./slack.ts";

const isFaultName = (name: string): name is FaultName => faultNames.some((known) => known === name);

/** In the order in which they were turned on. */
export const activeFaults = (slack: Slack): FaultName[] =>
  slack.sql
    .exec<{ name: string }>("SELECT name FROM faults ORDER BY rowid")
    .toArray()
    .map(({ name }) => name)
    .filter(isFaultName);

const changed = (slack: Slack): Faults => {
  const faults = activeFaults(slack);
  slack.publish(null, { type: "faults_changed", faults });
  return { faults };
};

export const setFault = (slack: Slack, { name, on }: FaultInput): Faults => {
  if (on) slack.sql.exec("INSERT INTO faults (name) VALUES (?) ON CONFLICT DO NOTHING", name);
  else slack.sql.exec("DELETE FROM faults WHERE name = ?", name);
  return changed(slack);
};

export const endFaults = (slack: Slack): Faults => {
  slack.sql.exec("DELETE FROM faults");
  return changed(slack);
};

/** Whether a fault is on; one that happens once is used up by the question. */
export const takeFault = (slack: Slack, name: FaultName): boolean => {
  const isOn = slack.sql.exec("SELECT 1 FROM faults WHERE name = ?", name).toArray().length > 0;
  if (isOn && findFault(name)?.once === true) setFault(slack, { name, on: false });
  return isOn;
};
