/** What programs and pages import from `@cv-ops/sdk`. */
export { type Client, type ClientOptions, createClient } from "./create-client.ts";
export type { CallOptions } from "./call.ts";
export { ApiProblem, BadAnswer, Unreachable } from "./failures.ts";
export type { Follow, FollowOptions, FollowState } from "./follow/follow.ts";
export type { Followed } from "./follow/followed.ts";
export type { FollowPushOptions, PushStep } from "./follow-push.ts";
export { type PushOutcome, applyEvent, outcomeOf } from "./push-progress.ts";
export type { LiveEvent } from "../../shared/contract/live.ts";
