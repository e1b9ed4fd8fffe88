/** Every check in each of its states, with one text wherever it holds somebody's words. */
import type { Check } from "../../../shared/domain/commits/checks.ts";
import { conflictsOf } from "./refusals.ts";
import { voidReasons } from "../../../shared/domain/commits/judgement.ts";
import { stateNames } from "../../../shared/domain/states.ts";

type ByName = { [Name in Check["name"]]: Extract<Check, { name: Name }>[] };

const passed = { state: "open", who: [], role: null, command: null, mine: false } as const;
const blocked = { ...passed, state: "blocked" } as const;
const at = "2031-03-03T09:00:00.000Z";

const superseding = (text: string) => ({
  target: text,
  commitNumber: 9,
  entityType: "technology" as const,
  entityId: text,
  fields: [text],
});

export const checksSaying = (text: string): Check[] => {
  const people = [text, text];
  const author = { ...blocked, who: people, role: "admin", command: "reopen 1" } as const;
  const approver = { ...blocked, who: people, command: "approve 1" } as const;
  const conflicts = conflictsOf(text);
  const byName: ByName = {
    content: [
      { ...passed, name: "content", changes: 2, closed: null },
      { ...blocked, name: "content", changes: 0, closed: null },
      { ...blocked, name: "content", changes: 2, closed: "dropped" },
    ],
    review: [
      { ...passed, name: "review", review: "in_review" },
      ...stateNames("review").map((review) => ({ ...author, name: "review" as const, review })),
    ],
    approvals: [
      { ...passed, name: "approvals", given: people, needed: 2, voided: [] },
      { ...approver, name: "approvals", given: people, needed: 3, voided: [] },
      ...voidReasons.map((because) => ({
        ...approver,
        name: "approvals" as const,
        given: [],
        needed: 1,
        voided: [{ userId: text, because }],
      })),
      { ...blocked, name: "approvals", given: [], needed: 1, voided: [], role: "admin", command: "roles" },
    ],
    permission: [
      { ...passed, name: "permission", readerRole: "admin" },
      { ...blocked, name: "permission", readerRole: "viewer", who: people, role: "approver" },
      { ...blocked, name: "permission", readerRole: "viewer", role: "approver" },
    ],
    no_push_on_its_way: [
      { ...passed, name: "no_push_on_its_way", target: null, since: null },
      { ...author, name: "no_push_on_its_way", target: text, since: at },
    ],
    last_outcome: [
      { ...passed, name: "last_outcome", target: null, error: null, refusedSize: false },
      { ...author, name: "last_outcome", target: text, error: text, refusedSize: false },
      { ...author, name: "last_outcome", target: text, error: text, refusedSize: true },
      { ...author, state: "unknown", name: "last_outcome", target: text, error: null, refusedSize: false },
    ],
    reachable: [
      { ...passed, name: "reachable", target: text, problem: null, downSince: null },
      { ...passed, state: "note", name: "reachable", target: text, problem: `${text}.`, downSince: null },
      { ...passed, state: "note", name: "reachable", target: text, problem: null, downSince: at },
    ],
    no_drift: [
      { ...passed, name: "no_drift", target: text, conflicts: [], count: 0 },
      { ...passed, state: "note", name: "no_drift", target: text, conflicts: [], count: 0 },
      { ...author, name: "no_drift", target: text, conflicts, count: 6 },
      { ...blocked, name: "no_drift", target: text, conflicts: [...conflicts, ...conflicts], count: 20 },
    ],
    fits: [
      { ...passed, name: "fits", oversized: [] },
      { ...author, name: "fits", oversized: [{ target: text, bytes: 1_200_000 }] },
    ],
    not_superseded: [
      { ...passed, name: "not_superseded", by: [], isOnItsWay: false },
      { ...author, name: "not_superseded", by: [superseding(text)], isOnItsWay: false },
      { ...blocked, name: "not_superseded", by: [superseding(text)], isOnItsWay: true },
    ],
    not_applied: [
      { ...passed, name: "not_applied", applied: [] },
      { ...passed, name: "not_applied", applied: [text] },
      { ...blocked, name: "not_applied", applied: people },
    ],
  };
  return Object.values<Check[]>(byName).flat();
};
