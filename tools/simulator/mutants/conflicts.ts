import { type Mutant, mutant } from "./mutant.ts";

const conflicts = "shared/domain/commits/conflict.ts";

/** Bugs in what becomes of a commit under which somebody has changed something. */
export const conflictMutants: readonly Mutant[] = [
  mutant(
    "resolving keeps the old base",
    conflicts,
    "  values: { ...live.values, ...Object.fromEntries(open.map((field) => [field.field, field.base])) },\n",
    '  values: { ...live.values, ...("values" in base ? base.values : {}) },\n',
  ),
  mutant(
    "theirs still asks for mine",
    conflicts,
    '      if (take === "theirs") return [];\n      return [[field, take !== null && take !== "mine" ? take.value : value]];',
    '      return [[field, take !== null && take !== "mine" && take !== "theirs" ? take.value : value]];',
  ),
  mutant(
    "resolving keeps the approval although the content is another one",
    "shared/use-cases/commits/write-resolved.ts",
    "const { hash, summary } = isOver || isDone ? commit : await contentOf(resolved.changes, names);",
    "const { hash, summary } = isOver || isDone || resolved.decided > 0 ? commit : await contentOf(resolved.changes, names);",
  ),
  {
    name: "who resolves a conflict is no contributor",
    patches: [
      {
        file: "shared/domain/commits/resolve.ts",
        text: "[...new Set([...own.flatMap((change) => change.contributors), userId])]",
        replacement: "[...new Set(own.flatMap((change) => change.contributors)), ...(userId === null ? [userId] : [])]",
      },
      {
        file: "shared/domain/commits/resolve.ts",
        text: "return resolved.decided > 0 ? joinedBy(resolved, resolver.userId) : resolved;",
        replacement: 'return resolver.userId === "" ? joinedBy(resolved, resolver.userId) : resolved;',
      },
    ],
  },
  mutant(
    "who takes a row out of a commit is no contributor of the rest",
    "shared/domain/commits/resolve.ts",
    "return resolved.decided > 0 ? joinedBy(resolved, resolver.userId) : resolved;",
    'return resolver.userId === "" ? joinedBy(resolved, resolver.userId) : resolved;',
  ),
  mutant(
    "a push writes over what somebody has changed since",
    "shared/use-cases/pushes/prepare-operations.ts",
    "row === undefined ? null : conflictOf(target, operation, row)",
    "row === undefined ? null : row === null ? conflictOf(target, operation, row) : null",
  ),
  mutant(
    "an older commit is pushed over a newer one",
    "shared/use-cases/pushes/start-push.ts",
    "  if (by.length === 0) return ok(null);\n",
    "  if (by.length >= 0) return ok(null);\n",
  ),
  mutant(
    "an older commit is pushed while a newer one is on its way",
    "shared/use-cases/pushes/start-push.ts",
    "  if (by.length === 0) return ok(null);\n",
    "  if (by.length === 0 || isOnItsWay) return ok(null);\n",
  ),
  mutant(
    "what was pushed in an outage goes out over what a newer commit has changed since",
    "shared/use-cases/pushes/pin-versions.ts",
    "  if (first) return fail(",
    "  if (first && by.length === 0) return fail(",
  ),
  {
    name: "a push again is not judged anew",
    patches: [
      {
        file: "shared/use-cases/portfolio/offer-pushes.ts",
        text: "  if (!approved.ok) return approved;\n",
        replacement: "  if (!approved.ok && number < 0) return approved;\n",
      },
      {
        file: "shared/use-cases/pushes/write-push.ts",
        text: "      assertApproved(workspaceId, commit),\n",
        replacement: "      isAgain ? [] : assertApproved(workspaceId, commit),\n",
      },
    ],
  },
];
