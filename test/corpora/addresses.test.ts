import { describe, expect, test } from "vitest";
import { checkAddress } from "../../shared/targets/address.ts";
import { goodAddresses, policy, refusedAddresses } from "./addresses.ts";

const hostileAddresses = refusedAddresses.map(([, address]) => address);

test("the corpus of addresses has at least 200 unique ones", () => {
  expect(new Set(hostileAddresses).size).toBe(refusedAddresses.length);
  expect(refusedAddresses.length).toBeGreaterThanOrEqual(200);
});

test.each(refusedAddresses)("the rule %s refuses the address %j: %s", (rule, address) => {
  expect(checkAddress(address, policy)).toMatchObject({ ok: false, reason: { code: "url_not_allowed", rule } });
});

test.each(goodAddresses)("the address %s may be called, and is not rewritten", (address) => {
  const checked = checkAddress(address, policy);
  expect(checked).toMatchObject({ ok: true });
  expect(checked.ok && checked.value.href).toBe(new URL(address).href);
});

describe("the local stack", () => {
  const local = { allowedHosts: ["localhost:8787", "plain.example"], isLocal: true };

  test("the local stack calls listed addresses over plain HTTP and at localhost", () => {
    for (const address of ["http://localhost:8787/v2", "http://plain.example/hook", "https://plain.example/"])
      expect(checkAddress(address, local)).toMatchObject({ ok: true });
    expect(checkAddress("http://localhost:9999/", local)).toMatchObject({ reason: { rule: "port" } });
  });

  test("the local stack permits no other address of the corpus", () => {
    const passed = refusedAddresses.filter(([, address]) => checkAddress(address, { ...policy, isLocal: true }).ok);
    expect(new Set(passed.map(([rule]) => rule))).toEqual(new Set(["scheme"]));
    expect(passed.map(([, address]) => new URL(address).protocol)).toEqual(passed.map(() => "http:"));
  });
});

test("internal addresses and other ports are refused where any public host is allowed", () => {
  const anywhere = { allowedHosts: [], anyPublicHost: true, isLocal: false };
  const ruleOf = (address: string): string | null => {
    const checked = checkAddress(address, anywhere);
    return checked.ok ? null : checked.reason.rule;
  };
  const listed = new Set(["not_listed", "port"]);
  const unlisted = refusedAddresses.filter(([rule]) => !listed.has(rule));
  expect(unlisted.length).toBeGreaterThan(200);
  expect(unlisted.filter(([rule, address]) => ruleOf(address) !== rule)).toEqual([]);
  for (const [, address] of refusedAddresses.filter(([rule]) => listed.has(rule))) {
    // In the other policy, a service binding.
    if (address.includes("cv-ops.internal")) continue;
    expect([null, "public_port"], address).toContain(ruleOf(address));
    expect(ruleOf(address) === null, address).toBe(new URL(address).port === "");
  }
  const local = { ...anywhere, isLocal: true };
  expect(checkAddress("http://localhost:9999/hook", local).ok).toBe(true);
  expect(checkAddress("http://127.0.0.1:9999/hook", local).ok).toBe(false);
});

test("no address may be called where no host is listed", () => {
  const none = { allowedHosts: [], isLocal: false };
  expect([...goodAddresses, ...hostileAddresses].filter((address) => checkAddress(address, none).ok)).toEqual([]);
});
