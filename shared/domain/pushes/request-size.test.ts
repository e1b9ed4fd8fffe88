import { expect, test } from "vitest";
import { maxRequestBytes } from "../../targets/protocol.ts";
import type { Operation } from "../staging/net-effect.ts";
import { isOversized, requestBytes } from "./request-size.ts";

const create = (index: number, summary: string): Operation => ({
  entityType: "technology",
  entityId: `tool-${index}`,
  action: "CREATE",
  values: { name: `Tool ${index}`, category: "Tools", summary },
  base: { seen: "absent" },
});

test("the size of a push counts bytes, not characters", () => {
  const [plain, wide] = ["a", "名"].map((char) => requestBytes([create(1, char.repeat(3000))]));
  expect((wide ?? 0) - (plain ?? 0)).toBe(6000);
});

test("300 rows of 3,000 characters fit a target's request, and 300 of twice the bytes do not", () => {
  const of = (char: string) => Array.from({ length: 280 }, (_, index) => create(index, char.repeat(3000)));
  expect(isOversized({ target: "a", bytes: requestBytes(of("a")) })).toBe(false);
  expect(isOversized({ target: "a", bytes: requestBytes(of("é")) })).toBe(true);
  expect(requestBytes(of("a"))).toBeLessThan(maxRequestBytes);
});
