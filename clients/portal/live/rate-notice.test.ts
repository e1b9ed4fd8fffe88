/** What a page knows while the server asks it to wait. */
import { expect, test } from "vitest";
import { VirtualClock } from "../../sdk/testing/virtual-clock.ts";
import { createRateNotice } from "./rate-notice.ts";

const request = { method: "GET", headers: {}, signal: new AbortController().signal, redirect: "manual" } as const;

const answering = (...statuses: number[]) => {
  const clock = new VirtualClock();
  const answers = statuses.map((status) => new Response(null, { status, headers: { "Retry-After": "20" } }));
  const notice = createRateNotice(async () => answers.shift() ?? new Response(), clock);
  return { clock, ...notice, ask: () => notice.fetchWithin("https://cv-ops.example/v2/me", request) };
};

test("too many requests are noticed until the time that the server gave has passed", async () => {
  const { clock, limited, ask } = answering(200, 429);
  await ask();
  expect(limited.get()).toBeNull();
  await ask();
  expect(limited.get()).toBe(clock.nowMs + 20_000);
  await clock.advance(19_000);
  expect(limited.get()).not.toBeNull();
  await clock.advance(1000);
  expect(limited.get()).toBeNull();
  expect(clock.pending).toBe(0);
});

test("a second refusal prolongs the wait that is shown, and leaves one timer", async () => {
  const { clock, limited, ask } = answering(429, 429);
  await ask();
  await clock.advance(5000);
  await ask();
  expect([limited.get(), clock.pending]).toEqual([clock.nowMs + 20_000, 1]);
});
