import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { botWith } from "../test/support/bot/world.ts";

/** Built pages: each says where it stands. */
const assets = {
  fetch: async (request: Request) => {
    const { pathname } = new URL(request.url);
    return new Response(pathname, { status: pathname.includes("missing") ? 404 : 200 });
  },
};
const get = (path: string) => botWith({ ASSETS: assets })(new Request(new URL(path, env.PUBLIC_URL)));

test.each([
  ["/app", "/app/"],
  ["/app/commits/42", "/app/"],
  ["/app/assets/index-B2x8Qw1z.js", "/app/assets/index-B2x8Qw1z.js"],
  ["/docs", "/docs/"],
  ["/docs/problems", "/docs/problems/"],
  ["/docs/problems.css", "/docs/problems.css"],
  ["/docs/assets/index-C6L1RtWC.js", "/docs/assets/index-C6L1RtWC.js"],
  ["/v2/openapi.json", "/docs/openapi.json"],
])("the address %s is the page %s, with nothing inline or foreign", async (path, asset) => {
  const response = await get(path);
  expect([response.status, await response.text()]).toEqual([200, asset]);
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
  expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
});

test("a file with its hash in the name is cached, and pages are revalidated", async () => {
  expect((await get("/app/assets/index-B2x8Qw1z.js")).headers.get("Cache-Control")).toContain("immutable");
  expect((await get("/app")).headers.get("Cache-Control")).toBe("no-cache");
});

test("a missing file is answered with 404 instead of a page", async () => {
  expect((await get("/app/assets/missing.js")).status).toBe(404);
});
