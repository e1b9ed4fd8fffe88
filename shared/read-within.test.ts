import { describe, expect, test } from "vitest";
import { readWithin } from "./read-within.ts";

/** A body without a length, which goes on for ever. @returns how many bytes were taken of it so far */
const endless = (chunkBytes: number): { body: ReadableStream; taken: () => number; isCancelled: () => boolean } => {
  let taken = 0;
  let isCancelled = false;
  const body = new ReadableStream({
    pull: (controller) => {
      taken += chunkBytes;
      controller.enqueue(new Uint8Array(chunkBytes));
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  return { body, taken: () => taken, isCancelled: () => isCancelled };
};

const post = (body: BodyInit | null, headers: Record<string, string> = {}): Request =>
  new Request("https://cv-ops.example/", { method: "POST", body, headers, duplex: "half" } as RequestInit);

describe("a body of limited length", () => {
  test("a body of the greatest length is read as it is", async () => {
    const bytes = await readWithin(post("é".repeat(50)), 100);
    expect(new TextDecoder().decode(bytes ?? undefined)).toBe("é".repeat(50));
  });

  test("a body that is one byte too long is refused", async () => {
    expect(await readWithin(post("x".repeat(101)), 100)).toBeNull();
  });

  test("a body whose length is said to be too long is not read at all", async () => {
    const { body, taken } = endless(10);
    expect(await readWithin(post(body, { "content-length": "1000" }), 100)).toBeNull();
    expect(taken()).toBeLessThanOrEqual(10);
  });

  test("a body without end is cut off at the limit, and its sender stops", async () => {
    const { body, taken, isCancelled } = endless(10);
    expect(await readWithin(post(body), 100)).toBeNull();
    expect(taken()).toBeLessThanOrEqual(130);
    expect(isCancelled()).toBe(true);
  });

  test("a request without a body has none", async () => {
    expect(await readWithin(post(null), 100)).toEqual(new Uint8Array(0));
  });
});
