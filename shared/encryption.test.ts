import { describe, expect, test } from "vitest";
import { createEncryption } from "./encryption.ts";

const key = (text: string): string => btoa(text.padEnd(32, "."));
const keys = (current: string, ...versions: string[]): string =>
  JSON.stringify({ current, keys: Object.fromEntries(versions.map((version) => [version, key(version)])) });

const text = '{"read":"sécret"}';

describe("an encrypted secret", () => {
  test("a secret opens with its own key and for its own row, and no two of it look alike", async () => {
    const { seal, open } = createEncryption(keys("1", "1"));
    const [one, other] = [await seal("target T1 d1cv", text), await seal("target T1 d1cv", text)];
    expect(await open("target T1 d1cv", one)).toBe(text);
    expect(one.keyVersion).toBe("1");
    expect(one.text).not.toBe(other.text);
    expect(atob(one.text)).not.toContain("read");
  });

  test("a secret that was copied to another row does not open, and the error shows nothing of it", async () => {
    const { seal, open } = createEncryption(keys("1", "1"));
    const sealed = await seal("target T1 d1cv", text);
    await expect(open("target T2 d1cv", sealed)).rejects.toThrow("The secret of target T2 d1cv does not decrypt");
  });

  test.each(["", "AAAA", "not base64 !"])("a secret whose text was changed does not open: %s", async (changed) => {
    const { open } = createEncryption(keys("1", "1"));
    await expect(open("a", { keyVersion: "1", text: changed })).rejects.toThrow("does not decrypt");
  });

  test("a key that was added seals, and the one before still opens what it has sealed", async () => {
    const before = await createEncryption(keys("1", "1")).seal("a", text);
    const both = createEncryption(keys("2", "1", "2"));
    expect({ current: both.current, older: both.older }).toEqual({ current: "2", older: ["1"] });
    expect(await both.open("a", before)).toBe(text);
    expect((await both.seal("a", text)).keyVersion).toBe("2");
  });

  test("a secret whose key was taken away names the version that is missing", async () => {
    const before = await createEncryption(keys("1", "1")).seal("a", text);
    const without = createEncryption(keys("2", "2"));
    await expect(without.open("a", before)).rejects.toThrow("ENCRYPTION_KEYS has no key 1");
  });

  test.each([
    "",
    "{}",
    '{"current":"1","keys":{}}',
    '{"current":"2","keys":{"1":"c2VjcmV0"}}',
    JSON.stringify({ current: "1", keys: { 1: btoa("too short") } }),
    JSON.stringify({ current: "1", keys: { 1: key("1"), "a b": key("2") } }),
  ])("malformed encryption keys are refused without showing any: %s", (json) => {
    expect(() => createEncryption(json)).toThrow("ENCRYPTION_KEYS must be JSON");
    expect(() => createEncryption(json)).not.toThrow("c2VjcmV0");
  });
});
