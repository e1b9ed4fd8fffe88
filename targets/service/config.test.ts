import { expect, test } from "vitest";
import { authorizeRead } from "./authentication.ts";
import { configOf } from "./config.ts";
import { credentials, targetVariables } from "./testing/kit.ts";

const env = (variables: Partial<typeof targetVariables>) => ({
  ...targetVariables,
  ...variables,
  DB: {} as D1Database,
});

test("a target's configuration is parsed once for each environment", () => {
  expect(configOf(env({}))).toBe(configOf(env({})));
  expect(configOf(env({})).requestSecrets.map(({ name }) => name)).toEqual(["noor-vega", "noor-vega", "ada-lindt"]);
});

test("a configuration in which two portfolios share a request secret is refused", () => {
  const shared = {
    ...credentials,
    "ada-lindt": { ...credentials["ada-lindt"], request: credentials["noor-vega"].request },
  };
  expect(() => configOf(env({ PORTFOLIO_CREDENTIALS: JSON.stringify(shared) }))).toThrow("share a request secret");
});

test("a rotated read token accepts only the old one and the new one", async () => {
  const rotated = { ...credentials, "noor-vega": { ...credentials["noor-vega"], read: ["old-token", "new-token"] } };
  const config = configOf(env({ PORTFOLIO_CREDENTIALS: JSON.stringify(rotated) }));
  const reads = async (token: string): Promise<boolean> =>
    (await authorizeRead(new Headers({ authorization: `Bearer ${token}` }), "noor-vega", config)).ok;
  expect(await Promise.all(["old-token", "new-token", "old-tokennew-token", "other-token"].map(reads))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const none = { ...credentials, "noor-vega": { ...credentials["noor-vega"], read: [] } };
  expect(() => configOf(env({ PORTFOLIO_CREDENTIALS: JSON.stringify(none) }))).toThrow();
});

test("a configuration with a portfolio without secrets is refused", () => {
  const empty = { nobody: { request: [], webhook: [], read: "" } };
  expect(() => configOf(env({ PORTFOLIO_CREDENTIALS: JSON.stringify(empty) }))).toThrow();
});
