import { SELF } from "cloudflare:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import { expect, it } from "vitest";
import { base } from "./slack/testing/client.ts";

const get = (path: string, headers: Record<string, string> = {}) =>
  SELF.fetch(`${base}${path}`, { headers, redirect: "manual" });

const assertionOf = async (path: string, headers: Record<string, string>): Promise<string | null> => {
  await SELF.fetch(`${base}/script`, { method: "POST", body: "[]" });
  return (await (await get(path, headers)).json<{ assertion: string | null }>()).assertion;
};

it("the playground asks for a person before a portal page, and leads back to it", async () => {
  const asked = await get("/app/commits/42");
  expect([asked.status, asked.headers.get("Location")]).toEqual([
    303,
    `${base}/playground/access/login?to=%2Fapp%2Fcommits%2F42`,
  ]);
  const choice = await (await get("/playground/access/login?to=%2Fapp%2Fcommits%2F42")).text();
  expect(choice).toContain('href="/playground/access/as?user=U0PRIYA01&amp;to=%2Fapp%2Fcommits%2F42"');
  const chosen = await get("/playground/access/as?user=U0PRIYA01&to=%2Fapp%2Fcommits%2F42");
  expect(chosen.headers.get("Location")).toBe("/app/commits/42");
  expect(chosen.headers.get("Set-Cookie")).toBe("cv_ops_local_access=U0PRIYA01; Path=/; HttpOnly; SameSite=Lax");
});

it.each(["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)"])(
  "the playground's sign-in leads to no other site: %s",
  async (to) => {
    const chosen = await get(`/playground/access/as?user=U0PRIYA01&to=${encodeURIComponent(to)}`);
    expect(chosen.headers.get("Location")).toBe("/app");
  },
);

it("the playground signs its person's assertion for the bot, as Access does", async () => {
  const jwt = await assertionOf("/v2/me", { Cookie: "cv_ops_local_access=U0PRIYA01" });
  const keys = createLocalJWKSet(await (await get("/playground/access/cdn-cgi/access/certs")).json());
  const { payload } = await jwtVerify(jwt ?? "", keys, {
    issuer: "http://localhost:8787/playground/access",
    audience: "local-cv-ops",
  });
  expect(payload).toMatchObject({ email: "priya@noor-vega.example" });
});

it("the playground passes on no assertion of the browser, and none for a stranger", async () => {
  expect(await assertionOf("/v2/me", { "Cf-Access-Jwt-Assertion": "forged" })).toBeNull();
  expect(await assertionOf("/v2/me", { Cookie: "cv_ops_local_access=U0NOBODY1" })).toBeNull();
  expect(await assertionOf("/health", { Cookie: "cv_ops_local_access=U0PRIYA01" })).toBeNull();
});
