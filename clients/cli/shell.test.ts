/** What `cv` does for the shell that it is typed in: completion, versions, the portal, and errors for programs. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { problem } from "../sdk/testing/scripted-server.ts";
import { completionFor, shellNames } from "./completion.ts";
import manifest from "./package.json" with { type: "json" };
import { completed as all } from "./help.ts";
import { shellOf } from "./testing/shell.ts";

/** What bash offers behind the line, whose last word is being typed. */
const completed = (...typed: string[]): string[] =>
  execFileSync(
    "bash",
    [
      "-c",
      `${completionFor("bash", all).join("\n")}\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1))\n_cv\nprintf '%s\\n' "\${COMPREPLY[@]}"`,
      "bash",
      ...typed,
    ],
    { encoding: "utf8" },
  )
    .split("\n")
    .filter((word) => word !== "");

describe("completion", () => {
  test.each<[string[], string[]]>([
    [
      ["cv", "re"],
      ["reject", "review", "reopen", "retry", "resolve", "reconcile"],
    ],
    [["cv", "stage", "cr"], ["create"]],
    [["cv", "push", "42", "--fo"], ["--follow"]],
    [["cv", "push", "42", "--nothing"], []],
    [
      ["cv", "--json", "log"],
      ["login", "logout", "log"],
    ],
    [["cv", "help", "pu"], ["push"]],
  ])("bash completes %j with %j", (typed, expected) => {
    expect(completed(...typed)).toEqual(expected);
  });

  test.each(shellNames)("the completion for %s knows every command and option", (shell) => {
    const text = completionFor(shell, all).join("\n");
    for (const { name, options = [] } of all) {
      expect(text).toContain(name);
      for (const option of options) expect(text).toContain(option.name);
    }
  });

  test("cv completion without a shell says which there are, and sends nothing", async () => {
    const { cv, server } = shellOf();
    const { code, err } = await cv("completion");
    expect([code, server.requests.length]).toEqual([2, 0]);
    expect(err).toContain("bash, zsh, fish");
  });
});

test.each(["--version", "version"])("cv %s prints the version, without settings", async (word) => {
  expect(await shellOf({ env: {} }).cv(word)).toEqual({ code: 0, out: `${manifest.version}\n`, err: "" });
});

describe("cv open", () => {
  test("cv open opens the commit in a terminal, and prints its address", async () => {
    const { cv, opened } = shellOf({ tty: true });
    expect((await cv("open", "42")).out).toBe("https://cv-ops.test/app/commits/42\n");
    expect(opened).toEqual(["https://cv-ops.test/app/commits/42"]);
  });

  test("cv open in a pipe only prints the address", async () => {
    const { cv, opened } = shellOf();
    expect((await cv("open")).out).toBe("https://cv-ops.test/app\n");
    expect(opened).toEqual([]);
  });
});

describe("an error for a program", () => {
  const errorOf = (err: string): unknown => (JSON.parse(err) as { error: unknown }).error;

  test("a refusal is JSON on stderr, with its code and what it names, wherever --json stands", async () => {
    const { cv, server } = shellOf();
    server.replies.set("GET /commits/99", problem(404, "commit_not_found", "There is no commit #99.", { number: 99 }));
    for (const line of [
      ["--json", "show", "99"],
      ["show", "99", "--json"],
    ]) {
      const { code, out, err } = await cv(...line);
      expect([code, out]).toEqual([1, ""]);
      expect(errorOf(err)).toMatchObject({ code: "commit_not_found", status: 404, number: 99 });
    }
  });

  test("wrong usage is JSON, too", async () => {
    const { code, err } = await shellOf().cv("show", "many", "--json");
    expect(code).toBe(2);
    expect(errorOf(err)).toMatchObject({ code: "usage", detail: expect.stringContaining("many") });
  });
});
