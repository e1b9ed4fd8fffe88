import { describe, expect, test } from "vitest";
import { commandHints, commandOf, matchingCommands } from "./commands.ts";

const verbs = (text: string): string[] => matchingCommands(text).map((hint) => hint.verb);

describe("the composer's commands", () => {
  test("offers everything until a verb is begun", () => {
    for (const text of ["/", "/c", "/cv", "/cv "]) expect(verbs(text)).toHaveLength(commandHints.length);
  });

  test("narrows down as the verb is typed, and stops at its arguments", () => {
    expect(verbs("/cv st")).toEqual(["stage", "staged", "status"]);
    expect(verbs("/cv stage ")).toEqual([]);
    expect(verbs("/cv zzz")).toEqual([]);
  });

  test("offers nothing for plain text and other commands", () => {
    for (const text of ["", "c", "hello", "cv", "/x"]) expect(verbs(text)).toEqual([]);
  });

  test("knows the command of a complete verb", () => {
    expect(commandOf("/cv stage update technology")?.verb).toBe("stage");
    expect(commandOf("/cv sta")).toBeNull();
  });
});
