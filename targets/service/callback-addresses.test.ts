import { env as bindings } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { goodAddresses, refusedAddresses } from "../../test/corpora/addresses.ts";
import worker from "../d1cv/index.ts";
import { callerOf, Receiver, targetVariables, technology } from "./testing/kit.ts";

const origins = {
  "https://portfolio.example.com": null,
  "https://search.example.com:8443": null,
  "https://cv-ops.internal": "CV_OPS",
};
const setUp = () => {
  const receiver = new Receiver();
  const called: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    called.push(url);
    return receiver.fetch(new Request(url, init));
  });
  const CALLBACK_ORIGINS = JSON.stringify(origins);
  const env = { ...bindings, ...targetVariables, ENVIRONMENT: "production", CALLBACK_ORIGINS, CV_OPS: receiver };
  return { ...callerOf(worker, env, "d1cv"), receiver, called };
};

afterEach(() => vi.unstubAllGlobals());

test("a commit with a forbidden callback address is refused, and no address is called", async () => {
  const { apply, rows, receiver, called } = setUp();
  const answers = new Set<string>();
  for (const [, callbackUrl] of refusedAddresses) {
    const { status, body } = await apply("job-1", { inserts: [technology("a")] }, { callbackUrl });
    expect({ callbackUrl, status }).toEqual({ callbackUrl, status: 422 });
    answers.add((body as { message: string }).message);
  }
  expect([...answers].filter((message) => !message.startsWith("callbackUrl: "))).toEqual([]);
  expect(answers.size).toBeGreaterThan(6);
  expect([await rows(), receiver.received, called]).toEqual([[], [], []]);
});

test("a callback to a listed address is sent, through a binding if there is one", async () => {
  const { apply, receiver, called } = setUp();
  for (const [index, callbackUrl] of goodAddresses.entries()) {
    expect(await apply(`good-${index}`, { inserts: [technology(`row-${index}`)] }, { callbackUrl })).toMatchObject({
      status: 202,
    });
  }
  expect(receiver.received).toHaveLength(goodAddresses.length * 3);
  expect(new Set(called.map((url) => new URL(url).host))).toEqual(
    new Set(["portfolio.example.com", "search.example.com:8443"]),
  );
});
