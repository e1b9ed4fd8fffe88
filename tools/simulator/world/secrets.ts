/** The secrets of the targets and their rotation: receivers accept the new one, senders use it, the old one goes. */
import type { WorkerName } from "../platform/invocation.ts";
import { type TargetName, secretOf, targetNames, workspaces } from "./workspaces.ts";

/** In the path of every webhook's address: a path may grant access. */
export const pathToken = "path-token";

/** Prefixes of the secrets of webhooks and targets, and of the tokens of Slack and the API. */
export const secretText = /whsec_|xoxb-|read-token-|slack-signing-secret|cvops_/;
/** Must not appear in any event or log line. */
export const secretOrAddress = new RegExp(`${secretText.source}|${pathToken}`);

/** The secrets of each side; a signer uses the first. */
interface Held {
  signs: number[];
  takes: number[];
}

const readToken = (entry: string, generation: number): string => `read-token-${entry}-${generation}`;

export class Secrets {
  /** Completed steps of the rotation. */
  #step = 0;
  readonly #texts = new Map<string, string>();

  #remembered(name: string, text: () => unknown): string {
    const key = `${name} ${this.#step}`;
    const cached = this.#texts.get(key) ?? JSON.stringify(text());
    this.#texts.set(key, cached);
    return cached;
  }

  /** @returns whether a step was left */
  rotate(): boolean {
    if (this.#step >= 3) return false;
    this.#step += 1;
    return true;
  }

  /** Workers that have got wholly new secrets after a leak, one after the other. */
  readonly #renewed = new Set<WorkerName>();

  /** As `npm run setup -- --new-secrets` does it: the former secret counts no more. */
  renew(worker: WorkerName): void {
    this.#renewed.add(worker);
  }

  #heldBy(worker: WorkerName): Held {
    return this.#renewed.has(worker) ? { signs: [3], takes: [3] } : this.#held;
  }

  get #held(): Held {
    const steps: Held[] = [
      { signs: [1], takes: [1] },
      { signs: [1], takes: [1, 2] },
      { signs: [2], takes: [2, 1] },
      { signs: [2], takes: [2] },
    ];
    return steps[this.#step] ?? { signs: [2], takes: [2] };
  }

  targetCredentials(worker: "bot" | "consumers"): string {
    const { signs, takes } = this.#heldBy(worker);
    return this.#remembered(`targets of ${worker} ${signs.join()}`, () =>
      Object.fromEntries(
        workspaces.flatMap(({ portfolioId }) =>
          targetNames.map((name) => {
            const entry = `${portfolioId}/${name}`;
            const request = signs.map((generation) => secretOf(entry, "request", generation));
            const webhook = takes.map((generation) => secretOf(entry, "webhook", generation));
            return [entry, { request, webhook, read: signs.map((generation) => readToken(entry, generation)) }];
          }),
        ),
      ),
    );
  }

  portfolioCredentials(target: TargetName): string {
    const { signs, takes } = this.#heldBy(target);
    return this.#remembered(`${target} ${signs.join()}`, () =>
      Object.fromEntries(
        workspaces.map(({ portfolioId }) => {
          const entry = `${portfolioId}/${target}`;
          const request = takes.map((generation) => secretOf(entry, "request", generation));
          const webhook = signs.map((generation) => secretOf(entry, "webhook", generation));
          return [portfolioId, { request, webhook, read: takes.map((generation) => readToken(entry, generation)) }];
        }),
      ),
    );
  }

  /** The secret with which a target currently signs. */
  webhookSecret(portfolioId: string, target: TargetName): string {
    return secretOf(`${portfolioId}/${target}`, "webhook", this.#heldBy(target).signs[0] ?? 1);
  }

  /** The variable that named workspaces in releases in which they were no rows. */
  namedWorkspaces(): string {
    return this.#remembered("workspaces", () =>
      Object.fromEntries(
        workspaces.map(({ id, botToken, portfolioId, people }) => [
          id,
          {
            botToken,
            admin: people[0]?.userId,
            targets: targetNames.map((name) => ({
              name,
              binding: name === "d1cv" ? "D1CV" : "AI_AGENT",
              portfolioId,
              credentials: `${portfolioId}/${name}`,
            })),
          },
        ]),
      ),
    );
  }
}
