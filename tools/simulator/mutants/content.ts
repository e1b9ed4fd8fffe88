import { type Mutant, mutant } from "./mutant.ts";

/** Bugs in what a commit says, sends and covers, and in what is found of it at the targets. */
export const contentMutants: readonly Mutant[] = [
  mutant(
    "what one target has already is not sent to it",
    "shared/domain/staging/net-effect.ts",
    "same.some((other) => changes(other, field, other.values[field] ?? value)),",
    "same.length > 0 && changes(operation, field, value),",
  ),
  mutant(
    "the summary of a commit is its author's words",
    "shared/use-cases/commits/create-commit.ts",
    "      message,\n      summary,\n",
    "      message,\n      summary: message,\n",
  ),
  mutant(
    "a summary names what was before as what comes after",
    "shared/domain/staging/summary.ts",
    "`${field} ${old} → ${now}`",
    "`${field} ${now} → ${old}`",
  ),
  mutant(
    "a name that was typed in an outage is taken for an id",
    "shared/use-cases/staging/resolve-rows.ts",
    "    if (!isUnresolved(change)) {\n",
    "    if (changes.length > 0) {\n",
  ),
  mutant(
    "stored operations are read by the rule for new ids",
    "shared/targets/protocol.ts",
    "export const storedOperations = operationsOn(z.string());",
    "export const storedOperations = operationsOn(identifier);",
  ),
  mutant(
    "verify compares counts alone",
    "shared/use-cases/portfolio/compare-targets.ts",
    `    differences: [
      ...answered.flatMap(({ target, live }) => differencesFromHistory(target, live, applied)),
      ...differencesBetween(answered, applied),
    ],`,
    "    differences: differencesBetween(answered, applied).filter(({ field }) => field === null),",
  ),
  mutant(
    "a target clears what an update does not name",
    "targets/service/write-rows.ts",
    "THEN ${name} ELSE operation",
    "THEN NULL ELSE operation",
  ),
  mutant(
    "a later change to a row replaces what an earlier one asks for",
    "shared/domain/staging/net-effect.ts",
    "return { ...first, base, values: { ...first.values, ...second.payload } };",
    "return { ...first, base, values: second.payload };",
  ),
];
