/** What doctor has found, for those who are given the words of each check: they need not know the checks. */
import type { Finding } from "../../domain/operations/checks.ts";

const marks = { true: "ok", false: "wrong", null: "not looked at" } as const;

type Said = Omit<Finding, "check"> & { says: string };

/** What was looked at: "The target takes our signature (archive): status 401". */
export const findingText = ({ says, about, detail }: Said): string =>
  `${says}${about === null ? "" : ` (${about})`}${detail === null ? "" : `: ${detail}`}`;

/** With how it is: "wrong: The target takes our signature (archive)". */
export const findingLine = (finding: Said): string => `${marks[`${finding.ok}`]}: ${findingText(finding)}`;

export const verdictMessage = (findings: readonly Pick<Finding, "ok">[]): string => {
  const count = (ok: boolean | null): number => findings.filter((finding) => finding.ok === ok).length;
  const unseen = count(null) === 0 ? "" : `, ${count(null)} could not be looked at`;
  const wrong = count(false) === 0 ? "Nothing is wrong" : `${count(false)} of ${findings.length} checks failed`;
  return `${wrong}${unseen}.`;
};
