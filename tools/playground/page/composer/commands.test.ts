import { describe, expect, test } from "vitest";
import { commandHints, commandOf, matchingCommands } from "./commands.ts";

const names = (text: string): string[] => matchingCommands(text).map((hint) => hint.name);

describe("the composer's commands", () => {
  test("the composer offers every command until a name is begun", () => {
    for (const text of ["/", "/c", "/cv", "/cv "]) expect(names(text)).toHaveLength(commandHints.length);
  });

  test("the composer narrows its offers with the typed name, until the arguments", () => {
    expect(names("/cv st")).toEqual(["stage", "staged", "status"]);
    expect(names("/cv stage ")).toEqual([]);
    expect(names("/cv zzz")).toEqual([]);
  });

  test("the composer offers nothing for plain text and other commands", () => {
    for (const text of ["", "c", "hello", "cv", "/x"]) expect(names(text)).toEqual([]);
  });

  test("the composer recognises the command of a complete name", () => {
    expect(commandOf("/cv stage update technology")?.name).toBe("stage");
    expect(commandOf("/cv sta")).toBeNull();
  });
});
