/** What surrounds the bot in its tests. The Worker under test shares this module with the tests, which script it. */
import { FaultyDatabase } from "./faulty-database.ts";
import { FakeSlack } from "../slack/fake-slack.ts";
import { FakeTarget } from "./fake-target.ts";

/** D1 of PendingCommands, and of a Worker that is made with it. */
export const database = new FaultyDatabase();
export const slack = new FakeSlack();
const newTargets = () => ({ d1cv: new FakeTarget("d1cv"), "ai-agent": new FakeTarget("ai-agent") });
export const targets = newTargets();
export const resetTargets = (): unknown => Object.assign(targets, newTargets());
/** Messages that came out of the queue cv-push. */
export const queued: unknown[] = [];
/** Lines of the log, newest last. */
export const logged: string[] = [];
