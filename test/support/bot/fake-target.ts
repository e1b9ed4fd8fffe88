/** A target behind a service binding: a test sets its jobs, and can make it slow, broken or down. */
import { env } from "cloudflare:workers";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { parseCredentials } from "../../../shared/targets/credentials.ts";
import type {
  AppliedJobs,
  CancelAnswer,
  CancelRequest,
  JobReport,
  PingAnswer,
} from "../../../shared/targets/protocol.ts";
import { ProtocolTarget, emptyReport } from "../target/protocol-target.ts";
import { verified } from "../target/verified.ts";

/** How a target misbehaves. */
type Mood = "well" | "down" | "broken";

export class FakeTarget extends ProtocolTarget {
  mood: Mood = "well";
  /** Milliseconds before each answer. */
  delayMs = 0;
  requests: string[] = [];
  jobs = new Map<string, Partial<JobReport>>();
  /** What becomes of the webhook of a ping. */
  callback: PingAnswer["callback"] = { ok: true, error: null };
  /** What a cancellation finds. */
  cancelled: "cancelled" | "applied" = "cancelled";
  /** Entries of TARGET_CREDENTIALS by portfolio. */
  portfolios: Record<string, string>;

  constructor(name: string) {
    super({
      name,
      credentialsOf: (portfolioId) =>
        parseCredentials(env.TARGET_CREDENTIALS ?? "")[this.portfolios[portfolioId] ?? ""],
      whyUnsigned: verified(() => Date.now()),
      allowsCallback: () => true,
    });
    this.portfolios = { "noor-vega": name };
  }

  put(portfolioId: string, entityType: string, id: string, values: FieldValues): void {
    this.ledger.put(portfolioId, entityType, id, values);
  }

  remove(portfolioId: string, entityType: string, id: string): void {
    this.ledger.remove(portfolioId, entityType, id);
  }

  async handle(request: Request): Promise<Response> {
    this.requests.push(`${request.method} ${new URL(request.url).pathname}`);
    if (this.delayMs > 0) await scheduler.wait(this.delayMs);
    if (this.mood === "down") throw new Error("connection refused");
    if (this.mood === "broken")
      return Response.json({ error: "internal", message: "The target failed" }, { status: 500 });
    const answered = await this.answer(request);
    if (!answered) throw new Error("connection reset");
    return answered;
  }

  protected override pingBack(): Promise<PingAnswer["callback"]> {
    return Promise.resolve(this.callback);
  }

  /** Its jobs are set by the test, so it does not say which it has applied, unless the test says so. */
  appliedHere: AppliedJobs["jobs"] | null = null;

  protected override appliedJobs(): AppliedJobs | null {
    return this.appliedHere && { jobs: this.appliedHere };
  }

  protected override reportOf(_portfolioId: string, jobId: string): JobReport | null {
    const job = this.jobs.get(jobId);
    return job ? { ...emptyReport(jobId), ...job } : null;
  }

  protected override cancel(_request: CancelRequest): CancelAnswer {
    return { state: this.cancelled, result: this.cancelled === "applied" ? applied() : null };
  }
}

/** The counts of a target that has applied a small commit. */
export const applied = (vectorCount: number | null = null) => ({
  inserted: 1,
  updated: 1,
  deleted: 1,
  d1Count: 66,
  vectorCount,
  synced: null,
});
