import { expect, test } from "vitest";
import { configOf } from "./config.ts";
import { credentials, targetVariables } from "./test-kit.ts";

const env = (variables: Partial<typeof targetVariables>) => ({
  ...targetVariables,
  ...variables,
  DB: {} as D1Database,
});

test("a configuration is parsed once", () => {
  expect(configOf(env({}))).toBe(configOf(env({})));
  expect(configOf(env({})).requestSecrets.map(({ name }) => name)).toEqual(["noor-vega", "noor-vega", "ada-lindt"]);
});

test("two portfolios cannot share a request secret", () => {
  const shared = {
    ...credentials,
    "ada-lindt": { ...credentials["ada-lindt"], request: credentials["noor-vega"].request },
  };
  expect(() => configOf(env({ PORTFOLIO_CREDENTIALS: JSON.stringify(shared) }))).toThrow("share a request secret");
});

test("a portfolio without secrets is refused", () => {
  const empty = { nobody: { request: [], webhook: [], read: "" } };
  expect(() => configOf(env({ PORTFOLIO_CREDENTIALS: JSON.stringify(empty) }))).toThrow();
});
