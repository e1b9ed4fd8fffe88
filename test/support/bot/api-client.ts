/** A program that holds a token of somebody in the world, and asks the API over HTTP. */
import { env } from "cloudflare:test";
import { expect } from "vitest";
import { operations } from "../../../shared/contract/operations.ts";
import type { Operation } from "../../../shared/contract/operations/operation.ts";
import { problem, problemMediaType } from "../../../shared/contract/problem.ts";
import { newToken } from "../../../shared/api-token.ts";
import { sha256Hex } from "../../../shared/digest.ts";
import type { Scope } from "../../../shared/domain/workspace/roles.ts";
import { clock } from "./clock.ts";
import type { World } from "./world.ts";

let tokens = 0;

export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- what came over the wire; tests compare it
  body: any;
}

export class ApiClient {
  readonly world: World;
  readonly token: string;
  readonly tokenId: string;

  private constructor(world: World, token: string, tokenId: string) {
    this.world = world;
    this.token = token;
    this.tokenId = tokenId;
  }

  /** With a token as `/cv tokens new` makes it. */
  static async of(
    world: World,
    userId: string,
    scopes: readonly Scope[] = ["read", "stage", "review", "push", "admin"],
    lifeMs = 3_600_000,
  ): Promise<ApiClient> {
    tokens += 1;
    const token = newToken();
    const tokenId = `token-${tokens}`;
    await world.db
      .prepare(
        `INSERT INTO api_tokens (workspace_id, id, number, name, hash, scopes, user_id, created_at, expires_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
      )
      .bind(
        world.team,
        tokenId,
        tokens,
        `Token ${tokens}`,
        await sha256Hex(token),
        JSON.stringify(scopes),
        userId,
        clock.iso(),
        new Date(clock.nowMs() + lifeMs).toISOString(),
      )
      .run();
    return new ApiClient(world, token, tokenId);
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const request = new Request(new URL(`/v2${path}`, env.PUBLIC_URL), {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const response = await this.world.send(request);
    const text = await response.text();
    const answer: Answer = { status: response.status, headers: response.headers, body: JSON.parse(text) };
    expectContract(method, path, answer);
    return answer;
  }

  get(path: string): Promise<Answer> {
    return this.send("GET", path);
  }

  post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("POST", path, body, headers);
  }
}

const entries: Operation[] = Object.values(operations);

/** Every answer is what the contract says: the operation's reply, or a problem. */
export const expectContract = (method: string, path: string, { status, headers, body }: Answer): void => {
  if (status >= 400) {
    expect(headers.get("Content-Type")).toBe(problemMediaType);
    expect(problem.parse(body)).toMatchObject({ status, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    return;
  }
  const { pathname } = new URL(path, "https://cv-ops.internal");
  const operation = entries.find(
    (each) => each.method === method && new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname),
  );
  expect(operation, `${method} ${pathname} is in the contract`).toBeDefined();
  expect(status).toBe(operation?.status);
  expect(operation?.reply.parse(body)).toEqual(body);
};
