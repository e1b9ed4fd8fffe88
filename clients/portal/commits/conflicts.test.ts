import { expect, test } from "vitest";
import { mayResolve } from "./conflicts.tsx";

const author = { userId: "U0AVERY01", permissions: ["resolve"] };
const admin = { userId: "U0CARLA01", permissions: ["resolve", "changeOthers"] };
const approver = { userId: "U0PRIYA01", permissions: ["resolve"] };
const commit = { author: "U0AVERY01", review: "approved" } as const;

test("conflicts are resolved by the commit's author or by an admin, unless it was rejected", () => {
  expect([author, admin, approver].map((me) => mayResolve(commit, me))).toEqual([true, true, false]);
  expect(mayResolve({ ...commit, review: "rejected" }, author)).toBe(false);
});
