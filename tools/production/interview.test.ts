import { expect, test } from "vitest";
import { interview } from "./interview.ts";
import type { Questions } from "./questions.ts";

const account = { id: "0123456789abcdef0123456789abcdef", name: "Noor" };

/** Answers the questions by their text; of a list one after the other. An empty answer takes the preset. */
const answering = (answers: Record<string, string | string[]>): { questions: Questions; problems: string[] } => {
  const problems: string[] = [];
  const questions: Questions = {
    close: () => undefined,
    ask: async ({ text, preset, problem }) => {
      const given = [answers[text] ?? ""].flat();
      for (const typed of given) {
        const answer = typed === "" ? (preset ?? "") : typed;
        const wrong = problem(answer);
        if (wrong === null) return answer;
        problems.push(wrong);
      }
      throw new Error(`no answer to "${text}" will do: ${problems.join(" ")}`);
    },
  };
  return { questions, problems };
};

const good = { Address: "cv.example.com" };

test("the presets and one answer are a production", async () => {
  expect(await interview(answering(good).questions, [account])).toEqual({
    name: "cv-ops",
    accountId: account.id,
    url: "https://cv.example.com",
    location: "weur",
    jurisdiction: null,
    portfolio: "main",
    workspace: null,
    operatorsChannel: null,
    botDatabases: 1,
    databases: {},
    cache: null,
    secretsAreSet: false,
    encryptionKeyIsSet: false,
  });
});

test("a wrong answer is asked for again, with the rule that it breaks", async () => {
  const again = answering({
    ...good,
    Name: ["CV", "noor"],
    Address: ["noor", "other.acme.workers.dev", "https://noor.acme.workers.dev/"],
    Location: ["mars", "eeur"],
    Jurisdiction: ["de", "eu"],
  });
  expect(await interview(again.questions, [account])).toMatchObject({
    name: "noor",
    url: "https://noor.acme.workers.dev",
    location: "eeur",
    jurisdiction: "eu",
  });
  expect(again.problems).toEqual([
    expect.stringContaining("3 to 40 of a to z"),
    expect.stringContaining("an address such as"),
    "On workers.dev it has to be noor.<subdomain>.workers.dev.",
    expect.stringContaining("One of weur"),
    "One of none, eu, fedramp, us.",
  ]);
});

test("of several accounts one is chosen by its id", async () => {
  const other = { id: "f".repeat(32), name: "Other" };
  const { questions } = answering({ ...good, "Account id": ["Other", other.id] });
  expect((await interview(questions, [account, other])).accountId).toBe(other.id);
});
