import { expect, test } from "vitest";
import type { Settings } from "./settings.ts";
import { type SetupFacts, approversMissing, openSteps } from "./setup.ts";

const settings: Settings = { mode: "team", approvalsNeeded: 1, channelId: null };
const facts: SetupFacts = { settings, mayApprove: ["U1"], targets: [] };

test("a new workspace is asked for a second approver, a channel and a target", () => {
  expect(openSteps(facts)).toEqual(["approval", "channel", "targets"]);
});

test.each<[string, Partial<SetupFacts>, ReturnType<typeof openSteps>]>([
  ["solo mode", { settings: { ...settings, mode: "solo" } }, ["channel", "targets"]],
  ["a second approver", { mayApprove: ["U1", "U2"] }, ["channel", "targets"]],
  ["a channel", { settings: { ...settings, channelId: "C1" } }, ["approval", "targets"]],
  ["a target", { targets: ["archive"] }, ["approval", "channel"]],
])("a step of the setup is done with %s", (_what, given, open) => {
  expect(openSteps({ ...facts, ...given })).toEqual(open);
});

test("team mode needs one person more than approvals, and solo mode nobody else", () => {
  expect(approversMissing({ settings: { ...settings, approvalsNeeded: 2 }, mayApprove: ["U1"] })).toBe(2);
  expect(approversMissing({ settings: { ...settings, mode: "solo" }, mayApprove: ["U1"] })).toBe(0);
});
