/** Commits of 1 to 1,000 changes whose author lies: what each surface says, against the operations of the hash. */
import { beforeEach, describe, expect, test } from "vitest";
import { Account } from "../clients/cli/account.ts";
import { Output } from "../clients/cli/output.ts";
import { commands } from "../clients/cli/table.ts";
import type { ApiOperation } from "../shared/contract/resources.ts";
import type { FieldValue } from "../shared/domain/portfolio/entity.ts";
import { valueText } from "../shared/domain/staging/list-text.ts";
import { validateMessage } from "../tools/slack/validate-blocks.ts";
import { ApiClient } from "../test/support/bot/api-client.ts";
import { clientOf } from "../test/support/bot/client-of.ts";
import { type Hashed, hashedOf, lie, liesIn, stageMany } from "../test/support/bot/large-commit.ts";
import { Screen } from "../test/support/bot/screen.ts";
import { slack } from "../test/support/bot/stand-ins.ts";
import { signedSlackRequest } from "../test/support/bot/slack-request.ts";
import { textsOf } from "../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../test/support/bot/world.ts";

const { author, approver } = people;
const sizes = [1, 20, 21, 500, 1000];

let world: World;
let hashed: Hashed;

const commitOf = async (size: number): Promise<void> => {
  world = await createWorld();
  await world.send(signedSlackRequest(homeOpened()));
  await stageMany(world, size);
  await world.run([author, `commit -m "${lie}"`]);
  await world.settle();
  hashed = await hashedOf(world);
};

const homeOpened = (): string =>
  JSON.stringify({
    token: "deprecated",
    team_id: world.team,
    api_app_id: "A0CVOPS01",
    type: "event_callback",
    event_id: `EvHome${world.team}`,
    event_time: 1_790_000_000,
    event: { type: "app_home_opened", user: approver, channel: "D1", tab: "home", event_ts: "1790000000.000001" },
  });

/** Of a text, what is not the author's quotation. */
const derivedOf = (text: string): string => text.replace(/“[^”]*”/g, "");

const rowNames = /\b(?:Row|New) (\d{4})\b/g;
const namesIn = (text: string): string[] => [...text.matchAll(rowNames)].map(([name]) => name);

const isOne = (): boolean => hashed.operations.length === 1;

/** "7 technologies changed" with every other kind, and no other count. */
const expectCounts = (text: string): void => {
  const counts = text.match(/\d+ technolog(?:y|ies) (?:changed|added|removed)/g) ?? [];
  for (const count of counts) expect(hashed.counts, text.slice(0, 500)).toContain(count);
  for (const count of hashed.counts) expect(counts).toContain(count);
};

/** Nothing of the author outside the quotation; every row, every "before → after" and every rest is the hash's. */
const expectTrue = (text: string): void => {
  const derived = derivedOf(text);
  expect(liesIn(derived), derived.slice(0, 2000)).toBe(false);
  const rows = new Map(hashed.operations.map((each) => [each.name, each]));
  for (const name of namesIn(derived)) expect(rows.has(name), name).toBe(true);
  for (const line of derived.split("\n")) {
    const [name, another] = [...new Set(namesIn(line))];
    const arrows = [...line.replace(/[~*`_]/g, "").matchAll(/(\S+) → (\S+?)[,;.:]?(?=\s|$)/g)];
    if (name === undefined || another !== undefined || arrows.length === 0) continue;
    const diff = rows.get(name)?.diff ?? [];
    const word = (value: FieldValue): string => valueText(value) || "empty";
    const allowed = diff.flatMap(({ field, before, after }) => [
      `${word(before)} → ${word(after)}`,
      `${field.replaceAll("_", "")} → ${word(after)}`,
    ]);
    for (const [, before, after] of arrows) expect(allowed, line).toContain(`${before} → ${after}`);
  }
};

/** A list of operations that goes on: as many lines as it shows, and "… and N more" for exactly the others. */
const expectRest = (text: string, marks = /^(?::\w+: )?(?:Add|Change|Remove) /): void => {
  const lines = text.split("\n");
  const shown = lines.filter((line) => marks.test(line)).length;
  const rest = lines.find((line) => /^… and \d+ more$/.test(line));
  expect(shown).toBeGreaterThan(0);
  expect(shown + Number(/\d+/.exec(rest ?? "0")?.[0])).toBe(hashed.operations.length);
};

const cardText = (): string => textsOf(world.message(/Commit #1/).blocks);

/** What a command of `cv` prints; workerd cannot parse its arguments. */
const cv = async (name: string, ...words: string[]): Promise<string> => {
  let printed = "";
  const stream = { write: (text: string) => (printed += text), isTTY: false, columns: 100 };
  const out = new Output({ stdout: stream, stderr: stream, env: {}, json: false });
  const client = clientOf(await ApiClient.of(world, approver));
  const named = async <T>(answer: T): Promise<T> => answer;
  const signal = () => new AbortController().signal;
  const args = { words, fields: {}, options: {} };
  const command = commands.find((each) => each.name === name);
  expect(command, name).toBeDefined();
  const configFile = { path: "", read: () => null, write: () => {} };
  await command?.run({
    account: new Account({}, configFile),
    client,
    baseUrl: "https://cv-ops.test",
    args,
    out,
    named,
    interrupted: signal,
    timeout: signal,
    openBrowser: async () => {},
    wait: async () => {},
    readInput: async () => "",
    device: "laptop",
  });
  return printed;
};

describe.each(sizes)("a commit of %i changes whose author lies about it", (size) => {
  beforeEach(() => commitOf(size), 60_000);

  test(`a card of ${size} changes counts every kind, shows rows that are there, and how many more`, () => {
    const text = cardText();
    expectCounts(derivedOf(text));
    expectTrue(text);
    expect(text).toContain(`${size} change${size === 1 ? "" : "s"} to d1cv, ai-agent`);
    expect(text).toContain(`wrote: “${lie}”`);
    expect(new Set(namesIn(text)).size).toBeGreaterThan(0);
    if (size > 20) expectRest(text);
    else expect(new Set(namesIn(text)).size).toBe(size);
    expect(text.split("\n")).toContain("Approve");
  });

  test(`the notification of ${size} changes counts every kind, and names the first and how many more`, () => {
    const { text } = world.message(/Commit #1/);
    expectCounts(derivedOf(text));
    expectTrue(text);
    expect(namesIn(text)).toEqual(hashed.operations.slice(0, 3).map(({ name }) => name));
    const more = /and (\d+) more/.exec(derivedOf(text))?.[1];
    expect(Number(more ?? 0)).toBe(Math.max(0, size - 3));
  });

  test(`/cv show of ${size} changes says what the hash says`, async () => {
    const { text, blocks } = await world.command(approver, "show 1");
    const shown = textsOf(blocks);
    for (const each of [text, derivedOf(shown)]) expectCounts(each);
    expectTrue(text);
    expectTrue(shown);
    expectRest(shown);
    expect(validateMessage({ text, blocks })).toEqual([]);
  });

  test(`/cv diff of ${size} changes shows each row on one of its pages, with its values`, async () => {
    const names: string[] = [];
    for (let page = 1; ; page += 1) {
      const { text, blocks } = await world.command(approver, `diff 1 --page ${page}`);
      const shown = textsOf(blocks);
      expectCounts(text);
      expectTrue(shown);
      names.push(...new Set(namesIn(derivedOf(shown))));
      const [, , last] = /Page (\d+) of (\d+)/.exec(shown) ?? [];
      if (Number(last ?? 1) === page) break;
    }
    expect(names.toSorted()).toEqual(hashed.operations.map(({ name }) => name).toSorted());
  });

  test(`lists and Home say of ${size} changes what the hash says`, async () => {
    const lists = await Promise.all(
      ["commits", "status", "", "action-items", "status 1", "why 1"].map(
        async (text) => (await world.command(approver, text)).said,
      ),
    );
    const home = textsOf(slack.views.homes.get(approver));
    expect(home).toContain("#1");
    for (const said of [...lists, home]) expectTrue(said);
    for (const said of [lists[0] ?? "", home]) {
      if (isOne()) expect(said).toContain("Row 0001: experience_years 1 → 2");
      else expectCounts(derivedOf(said));
    }
    expectTrue((await world.command(approver, "log 1")).said);
  });

  test(`the API shows ${size} changes with a derived summary, and each operation on one page`, async () => {
    const api = await ApiClient.of(world, approver);
    const { body } = await api.get("/commits/1");
    const { body: list } = await api.get("/commits");
    expect(body.hash).toBe(hashed.hash);
    expect(list.commits[0].summary).toBe(body.summary);
    expect(body).toMatchObject({ operationCount: hashed.operations.length, rowCount: hashed.rowCount, message: lie });
    if (isOne()) expect(body.summary).toBe("Row 0001: experience_years 1 → 2");
    else expect(body.summary.split(", ")).toEqual(hashed.counts);

    const all: ApiOperation[] = body.operations;
    for (let after: number | null = body.next; after !== null;) {
      const { body: page } = await api.get(`/commits/1/operations?after=${after}&limit=100`);
      expect(page).toMatchObject({ hash: hashed.hash, operationCount: hashed.operations.length });
      all.push(...page.operations);
      after = page.next;
    }
    expect(all).toEqual(hashed.operations);
  });

  test(`cv shows, lists and diffs ${size} changes as the hash has them`, async () => {
    const [listed, shown, diff] = [await cv("commits"), await cv("show", "1"), await cv("diff", "1")];
    for (const said of [listed, shown, diff]) expectTrue(said);
    if (isOne()) expect(listed).toContain("Row 0001: experience_years 1 → 2");
    else for (const said of [listed, shown]) expectCounts(derivedOf(said));
    const titles = diff.split("\n").filter((line) => /^[-+~] technology /.test(line));
    expect(titles.flatMap(namesIn)).toEqual(hashed.operations.map(({ name }) => name));
    const years = hashed.operations.flatMap(({ action, diff: fields }) =>
      fields.flatMap(({ field, before, after }) =>
        field === "experience_years" && action === "UPDATE"
          ? `- ${field}: ${String(before)}|+ ${field}: ${String(after)}`
          : [],
      ),
    );
    const printed = [...diff.matchAll(/- (experience_years): (\d+)\n\s+\+ experience_years: (\d+)/g)];
    expect(printed.map(([, field, before, after]) => `- ${field}: ${before}|+ ${field}: ${after}`)).toEqual(years);
  });
});

test("the form of a commit of 301 changes says that one of them stays staged", async () => {
  world = await createWorld();
  await stageMany(world, 301);
  await world.post(world.commandBody(author, "commit"));
  const person = new Screen(world, author);
  expect(textsOf(person.view.blocks)).toContain("1 more change does not fit into this form, and stays staged");
  await person.submit({ message: "All that fit" });
  expect((await world.rows("staged_changes")).filter(({ state }) => state === "staged")).toHaveLength(1);
});
