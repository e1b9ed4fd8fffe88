/** An API client beside the Slack users. It repeats a request with the same key until it gets an answer. */
import { createHash } from "node:crypto";
import type { SimulatedD1 } from "../platform/d1.ts";
import type { Random } from "../../../test/support/random.ts";
import { type Workspace, workspaces } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";

const maxTries = 8;
const patienceMs = 20_000;

type Deed = "stage" | "commit" | "push";

interface Intent {
  deed: Deed;
  path: string;
  body: object;
}

/** The requests sent with one idempotency key. */
export interface Asked extends Intent {
  key: string;
  /** Trace ids of all attempts, to find the events that the key caused. */
  traceId: string;
  /** User id of whose token it comes with. */
  holder: string;
  /** The answers received so far. */
  answers: Answer[];
}

interface Answer {
  status: number;
  /** The number of the change, commit or push; null in a refusal. */
  named: number | null;
}

interface Holder {
  workspace: Workspace;
  userId: string;
  token: string;
}

const hex = (text: string): string => createHash("sha256").update(text).digest("hex");

/** `cvops_` and 43 characters. */
const tokenOf = (userId: string): string => `cvops_${userId.toLowerCase().padEnd(43, "0")}`;

const holderOf = (workspace: Workspace, role: string): Holder => {
  const userId = workspace.people.find((person) => person.role === role)?.userId ?? "";
  return { workspace, userId, token: tokenOf(userId) };
};

/** The tokens of an editor and an approver. */
const holders = workspaces.map((workspace) => ({
  editor: holderOf(workspace, "editor"),
  approver: holderOf(workspace, "approver"),
}));

/** Inserts the tokens into the database. */
export const registerTokens = (db: SimulatedD1, now: string): void => {
  for (const { editor, approver } of holders) {
    db.transact([
      {
        sql: "INSERT INTO counters (workspace_id, name, value) VALUES (?1, 'token', 2) ON CONFLICT DO UPDATE SET value = 2",
        values: [editor.workspace.id],
      },
      ...[editor, approver].map(({ workspace, userId, token }, index) => ({
        sql: `INSERT INTO api_tokens (workspace_id, id, number, name, hash, scopes, user_id, created_at, expires_at)
          VALUES (?1, ?2, ?3, 'program', ?4, '["read","stage","push"]', ?5, ?6, '2027-01-01T00:00:00.000Z')`,
        values: [workspace.id, `token-${userId}`, index + 1, hex(token), userId, now],
      })),
    ]);
  }
};

export class Program {
  readonly asked: Asked[] = [];
  /** Requests in progress, or to be retried. */
  open = 0;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Sends one request with a new key. `step` makes the request unique. */
  act(step: number, random: Random): void {
    const [ours, theirs] = holders;
    const holding = random.chance(0.9) ? ours : theirs;
    if (!holding) return;
    const intent = this.#intent(holding.editor.workspace, step, random);
    const key = `step-${step}`;
    const holder = intent.deed === "push" ? holding.approver : holding.editor;
    const traceId = hex(`${key} ${intent.path}`).slice(0, 32);
    const asked: Asked = { ...intent, key, traceId, holder: holder.userId, answers: [] };
    this.asked.push(asked);
    this.#world.contributions.sends(holder.userId, `api:${holder.userId}:${key}`);
    void this.#ask(holder, asked);
    const { faults } = this.#world.runtime;
    if (faults.strikes("program asks twice"))
      void this.#pause(random.pick([0, random.between(1, 60), random.between(100, 30_000)])).then(() =>
        this.#ask(holder, asked),
      );
  }

  #intent({ id }: Workspace, step: number, random: Random): Intent {
    const approved = this.#world.staging.rows<{ number: number }>(
      "SELECT number FROM commits WHERE workspace_id = ?1 AND review = 'approved' AND status <> 'applied_all' ORDER BY number",
      id,
    );
    const scope = random.pick(["all", "all", "d1cv", "ai"]);
    const payload = { name: `Program ${step}`, category: "Backend" };
    const stage: Intent = {
      deed: "stage",
      path: "/stage",
      body: { action: "CREATE", entityType: "technology", payload },
    };
    return random.weighted([
      [2, stage],
      [1.5, { deed: "commit", path: "/commit", body: { message: `program ${step}` } }],
      approved.length > 0
        ? [3, { deed: "push", path: `/push/${scope}`, body: { commit: random.pick(approved).number } }]
        : [0, stage],
    ]);
  }

  /** Retries until an answer says whether the request was carried out. */
  async #ask(holder: Holder, asked: Asked): Promise<void> {
    const { random } = this.#world.runtime;
    this.open += 1;
    for (let tries = 1; tries <= maxTries; tries += 1) {
      const answer = await this.#try(holder, asked);
      if (answer) asked.answers.push(answer);
      if (answer && answer.status < 500 && answer.status !== 429) break;
      await this.#pause(random.between(500, 10_000));
    }
    this.open -= 1;
  }

  /** @returns null when the request times out */
  async #try({ token }: Holder, { path, body, key, traceId }: Asked): Promise<Answer | null> {
    const { runtime } = this.#world;
    runtime.note(`→ program ${path} ${JSON.stringify(body)} (${key})`);
    const isLost = runtime.faults.strikes("program's request is lost");
    const losesAnswer = runtime.faults.strikes("program loses the answer");
    await this.#pause(runtime.random.between(5, 40));
    const tooLate = this.#pause(patienceMs).then(() => null);
    if (isLost) return tooLate;
    const request = new Request(`https://cv-ops.example.com/v2${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "idempotency-key": key,
        traceparent: `00-${traceId}-00000000000000a1-01`,
      },
      body: JSON.stringify(body),
    });
    const answered = this.#world.requestBot(`api ${path}`, request).then(
      async (response): Promise<Answer> => {
        const { number } = (await response.json()) as { number: number };
        return { status: response.status, named: response.ok ? number : null };
      },
      () => null,
    );
    const answer = await Promise.race([answered, tooLate]);
    return losesAnswer ? null : answer;
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#world.runtime.scheduler.after(delayMs, resolve));
  }
}
