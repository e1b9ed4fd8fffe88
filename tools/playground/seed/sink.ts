/** Where the targets' webhooks about the seed arrive. */
import { verify } from "../../../shared/signing.ts";
import { type TargetWebhook, targetWebhook } from "../../../shared/targets/protocol.ts";
import { type SeedEnv, credentialsOf, isLocalTarget } from "./local-targets.ts";

export type SeedOutcome = Extract<TargetWebhook, { type: "job.completed" | "job.failed" }>;

/** Who waits for a job, by job id. Lost when the Worker restarts: then the job is sent again, and reported again. */
const waiting = new Map<string, (outcome: SeedOutcome) => void>();

/** The job's final webhook, or null when none came in time. */
export const seedOutcome = (jobId: string, timeoutMs: number): Promise<SeedOutcome | null> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => settle(null), timeoutMs);
    const settle = (outcome: SeedOutcome | null): void => {
      clearTimeout(timer);
      waiting.delete(jobId);
      resolve(outcome);
    };
    waiting.set(jobId, settle);
  });

/** `POST /playground/sink?target=…`: verifies the target's signature and hands final outcomes to whoever seeds. */
export const receiveSeedWebhook = async (
  env: Pick<SeedEnv, "LOCAL_TARGET_CREDENTIALS">,
  request: Request,
): Promise<Response> => {
  const target = new URL(request.url).searchParams.get("target");
  if (!isLocalTarget(target)) return refuse(404, "unknown_target");
  const body = await request.text();
  const candidates = credentialsOf(env, target).webhook.map((secret) => ({ name: target, secret }));
  const verified = await verify(candidates, request.headers, body, Date.now());
  if (!verified.ok) return refuse(401, verified.reason);
  const webhook = targetWebhook.safeParse(parseJson(body));
  if (!webhook.success || webhook.data.target !== target) return refuse(400, "not_a_webhook_of_this_target");
  report(webhook.data);
  return new Response(null, { status: 204 });
};

const report = (webhook: TargetWebhook): void => {
  const { type, target, jobId, attempt } = webhook;
  console.log(JSON.stringify({ event: "seed.webhook", type, target, jobId, attempt }));
  if (webhook.type === "job.completed" || webhook.type === "job.failed") waiting.get(jobId)?.(webhook);
};

const refuse = (status: number, reason: string): Response => {
  console.warn(JSON.stringify({ event: "seed.webhook_refused", status, reason }));
  const error = status === 401 ? "unauthorized" : reason;
  return Response.json({ error, message: "This is not a webhook about the seed." }, { status });
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
