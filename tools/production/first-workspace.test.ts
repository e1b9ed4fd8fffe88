/** The end of `npm run setup`, against a server that answers as the bot's operators' addresses do. */
import { afterEach, expect, test } from "vitest";
import { type Loopback, listen } from "../../test/support/loopback.ts";
import { connectWorkspace } from "./first-workspace.ts";
import type { Questions } from "./questions.ts";

const acme = { id: "T0ACME", name: "Acme", installedBy: "U0ACME" };
const noor = { id: "T0NOOR", name: null, installedBy: "U0NOOR" };
let server: Loopback | null = null;
afterEach(async () => {
  await server?.close();
});

/** Setup with a bot in which these have the app. @returns what it asked of people and of the bot */
const connected = async (workspaces: object[], typed: string[]) => {
  const asked: string[] = [];
  const passes = new Set<string>();
  const said: string[] = [];
  server = await listen(async (request) => {
    const path = new URL(request.url).pathname;
    if (request.method === "POST") asked.push(path);
    passes.add(request.headers.get("authorization") ?? "");
    return Response.json(request.method === "GET" ? { workspaces } : { targets: ["d1cv", "ai-agent"] });
  });
  const questions: Questions = {
    close: () => undefined,
    ask: async ({ why, preset = "", problem }) => {
      said.push(why);
      for (const each of typed) {
        const answer = each === "" ? preset : each;
        const wrong = answer === "" ? "An answer is needed." : problem(answer);
        if (wrong === null) return answer;
        said.push(wrong);
      }
      throw new Error("no answer will do");
    },
  };
  const url = `http://127.0.0.1:${server.port}`;
  const print = (line: string) => void said.push(line);
  const workspace = await connectWorkspace({ url, portfolio: "main" }, "pass-1", questions, print);
  return { workspace, asked, passes, said: said.join("\n"), url };
};

test("setup shows where the app is installed from, and Enter takes the one workspace that has it", async () => {
  const { workspace, asked, passes, said, url } = await connected([acme], [""]);
  expect(workspace).toBe("T0ACME");
  expect(asked).toEqual(["/operations/workspaces/T0ACME/targets"]);
  expect([...passes]).toEqual(["Bearer pass-1"]);
  expect(said).toContain(`${url}/slack/install`);
  expect(said).toContain("T0ACME  Acme, installed by U0ACME");
  expect(said).toContain("✓ T0ACME has the targets d1cv and ai-agent");
});

test("of several workspaces one is named, and none gets the targets by pressing Enter", async () => {
  const { workspace, asked, said } = await connected([acme, noor], ["", "T0OTHER", "T0NOOR"]);
  expect(workspace).toBe("T0NOOR");
  expect(asked).toEqual(["/operations/workspaces/T0NOOR/targets"]);
  expect(said).toContain("An answer is needed.");
  expect(said).toContain("One of T0ACME, T0NOOR.");
});
