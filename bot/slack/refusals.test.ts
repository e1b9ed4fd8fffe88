/** What a person reads when a command is refused: field or rule, and an example or a next step. Nothing changes. */
import { describe, expect, test } from "vitest";
import { createWorld, people } from "../../test/support/bot/world.ts";

const { admin, author, otherAuthor, approver, viewer } = people;
type Line = [userId: string, text: string];

const stagePython: Line = [author, "stage update technology python-1 experience_years=8"];
const commitIt: Line = [author, 'commit -m "Skill updates"'];
const approveIt: Line = [approver, "approve 1"];
const inReview = [stagePython, commitIt];
const approved = [...inReview, approveIt];
const pushed: Line[] = [...approved, [approver, "push 1 all"]];

const refusals: [given: Line[], userId: string, text: string, expected: RegExp][] = [
  // Words that are not commands, options or types.
  [[], author, "stge update", /There is no `\/cv stge`\. Did you mean `\/cv stage`\?/],
  [[], author, "xyzzy", /There is no `\/cv xyzzy`\. `\/cv help` lists the commands\./],
  [[], author, "<@U0CARLA01|carla>", /There is no `\/cv &lt;@u0carla01\|carla&gt;`\. `\/cv help` lists the commands/],
  [[], author, "help xyzzy", /There is no command or type `xyzzy`/],
  [[], author, "help stge", /There is no command or type `stge`\. Did you mean `\/cv help stage`\?/],
  [
    [],
    author,
    "stage create technology name=Rust --tarket=ai",
    /There is no option `--tarket=ai` here\. Did you mean `--target`\?/,
  ],
  [[], author, "staged --all", /There is no option `--all` here\. Options: `--page`\./],
  [
    [],
    author,
    "stage create technology --target",
    /`--target` needs all, or targets with commas between them after it/,
  ],
  [[], author, 'stage create technology name="Rust', /A quote is never closed: `"Rust`.*write `\\"`/],
  [[], author, "stage create technology name=a name=b", /`name` is given twice\. Give it once/],

  // stage: what to do, to what.
  [
    [],
    author,
    "stage name=x",
    /Say what to do: create, update or delete\.[\s\S]*\/cv stage update technology python-1/,
  ],
  [[], author, "stage update name=x", /Say the type of the row, such as `technology`/],
  [[], author, "stage update technology name=x", /Say which row, by its id or its exact name/],
  [[], author, "stage updat technology python-1", /`updat` is not an action\. Did you mean `update`\?/],
  [[], author, "stage update technolgy python-1 name=x", /no entity type `technolgy`\. Did you mean `technology`\?/],
  [[], author, "stage update zebra python-1 name=x", /no entity type `zebra`\. Types: `technology`/],
  [[], author, "stage create technology Rust", /`Rust` is too much/],
  [
    [],
    author,
    "stage update technology python-1 too much",
    /`too much` is too much\. Write a value with spaces in quotes/,
  ],
  [[], author, "stage delete technology python-1 name=x", /A delete takes no values.*stage an update/],
  [
    [],
    author,
    "stage update technology pyton-1 experience_years=8",
    /no technology `pyton-1`\. Did you mean `python-1`\?/,
  ],
  [
    [],
    author,
    "stage update technology cobol-1 experience_years=8",
    /no technology `cobol-1`\. Give the id of a row, such as `python-1`, or its exact name/,
  ],
  [
    [],
    author,
    "stage update technology python-1 experience_years=5",
    /\*Python\* has this value already: `experience_years`\. Nothing was staged/,
  ],
  [
    [],
    author,
    "stage update technology python-1 experience_years=8 --target mars",
    /`mars` is not a target\. Targets: `d1cv`, `ai-agent`, `all`/,
  ],
  [
    [],
    author,
    "stage update technology python-1 experience_years=8 --target dicv",
    /`dicv` is not a target\. Did you mean `d1cv`\?/,
  ],

  // stage: values; field, rule, example.
  [
    [],
    author,
    "stage update technology python-1 experience_years=lots",
    /`experience_years` must be a number from 0 to 60, for example `experience_years=8`/,
  ],
  [
    [],
    author,
    "stage update technology python-1 experience_years=61",
    /`experience_years` must be a number from 0 to 60/,
  ],
  [
    [],
    author,
    "stage update technology python-1 proficiency_percent=8.5",
    /`proficiency_percent` must be a whole number from 0 to 100, for example/,
  ],
  [
    [],
    author,
    "stage update technology python-1 experience_yers=8",
    /`experience_yers` is not a field of technology; did you mean experience_years\? For example `experience_years=8`/,
  ],
  [
    [],
    author,
    "stage update technology python-1 zzz=8",
    /`zzz` is not a field of technology; its fields are name, category/,
  ],
  [[], author, "stage update technology python-1 name=", /`name` cannot be empty, for example `name=Rust`/],
  [[], author, "stage update technology python-1 category=Cooking", /`category` must be one of Backend, Frontend/],
  [
    [],
    author,
    "stage update technology python-1 is_featured=maybe",
    /`is_featured` must be yes or no, for example `is_featured=yes`/,
  ],
  [
    [],
    author,
    "stage create technology experience_years=99",
    /These values do not fit a technology[\s\S]*`experience_years` must be[\s\S]*`name` is required[\s\S]*`category` is required/,
  ],
  [
    [],
    author,
    "stage create project name=x description=y url=ftp://x",
    /`url` must be an address that starts with https/,
  ],
  [[], author, "stage create experience company=x", /These values do not fit an experience/],
  [
    [[author, "stage delete technology jquery-1"]],
    author,
    "stage update technology jquery-1 experience_years=1",
    /\*jQuery\* is staged for deletion as change 1\..*`\/cv unstage 1` unstages it/,
  ],

  // unstage, diff, commit.
  [[], author, "unstage", /Say which: the numbers that `\/cv staged` shows, or all/],
  [[], author, "unstage python", /`python` is not the number of a change/],
  [[], author, "unstage all", /You have nothing staged\. Start with `\/cv stage update/],
  [[stagePython], author, "unstage 7", /There is no staged change 7\. `\/cv staged` lists them/],
  [[stagePython], otherAuthor, "unstage 1", /1 belongs to <@U0AVERY01>: only its author or an admin/],
  [[], author, "diff", /You have nothing staged/],
  [[], author, "diff python", /`python` is not the number of a commit/],
  [[], author, "diff 9", /There is no commit #9\. `\/cv commits` lists them/],
  [[], author, "commit", /You have nothing staged/],
  [[stagePython], author, `commit -m "${"x".repeat(501)}"`, /The message has 501 characters; it may have at most 500/],
  [[], author, "commit -m hello", /You have nothing staged/],
  [
    [
      [author, "stage update technology python-1 experience_years=8"],
      [author, "stage update technology python-1 experience_years=5"],
    ],
    author,
    "commit -m hello",
    /Your staged changes \(1, 2\) cancel each other out.*`\/cv unstage all` discards them/,
  ],

  // What takes the number of a commit.
  ...["show", "review", "approve", "reject", "push", "cancel", "why", "drop", "reopen"].flatMap(
    (verb): [Line[], string, string, RegExp][] => [
      [[], admin, verb, new RegExp(`Say which commit, by its number\\.[\\s\\S]*/cv ${verb} 1`)],
      [[], admin, `${verb} python`, /`python` is not the number of a commit/],
      [[], admin, `${verb} 9`, /There is no commit #9\. `\/cv commits` lists them/],
    ],
  ),
  [[stagePython, commitIt], otherAuthor, "drop 1", /#1 belongs to <@U0AVERY01>: only its author or an admin/],
  [[stagePython, commitIt], otherAuthor, "reopen 1", /#1 belongs to <@U0AVERY01>/],
  [[stagePython, commitIt], otherAuthor, "review 1", /#1 belongs to <@U0AVERY01>/],
  [[...inReview, [author, "drop 1"]], author, "drop 1", /Commit #1 is dropped already/],
  [[...inReview, [author, "reopen 1"]], author, "reopen 1", /Commit #1 is reopened already/],
  [pushed, author, "drop 1", /Commit #1 has been pushed.*Stage a new change to undo it/],
  [pushed, author, "reopen 1", /Commit #1 has been pushed/],
  [approved, author, "review 1", /Commit #1 was approved already/],

  // Decisions.
  [[stagePython, [author, "commit -m x --draft"]], approver, "approve 1", /Commit #1 is not in review: it is a draft/],
  [
    approved,
    approver,
    "approve 1",
    /Commit #1 was approved already by <@U0PRIYA01>, .*`\/cv push 1 all` is the next step/,
  ],
  [approved, approver, "reject 1 late", /Commit #1 was approved already by <@U0PRIYA01>/],
  [[...inReview, [approver, "reject 1 no"]], approver, "approve 1", /Commit #1 was rejected already by <@U0PRIYA01>/],
  [
    [
      [admin, "stage update technology python-1 experience_years=8"],
      [admin, "commit x"],
    ],
    admin,
    "approve 1",
    /You wrote commit #1, so somebody else has to approve it: <@U0PAUL001> or <@U0PRIYA01>/,
  ],

  // Pushing.
  [
    inReview,
    approver,
    "push 1 all",
    /Commit #1 is not approved yet\. Ask <@U0CARLA01>, <@U0PAUL001> or <@U0PRIYA01>|Commit #1 is not approved yet\. Ask <@U0PAUL001>, <@U0PRIYA01> or <@U0CARLA01>/,
  ],
  [
    [stagePython, [author, "commit x --draft"]],
    approver,
    "push 1",
    /Commit #1 is a draft\. .*`\/cv review 1` requests it/,
  ],
  [[...inReview, [approver, "reject 1 no"]], approver, "push 1", /Commit #1 was rejected, so it cannot be pushed/],
  [approved, approver, "push 1 mars", /`mars` is not a target/],
  [approved, approver, "push 1 d1cv now", /`now` is too much: a push goes to all targets or to one/],
  [
    [[author, "stage update technology python-1 experience_years=8 --target d1cv"], commitIt, approveIt],
    approver,
    "push 1 ai",
    /Commit #1 changes nothing at ai-agent/,
  ],
  [pushed, approver, "push 1 all", /A push of commit #1 to d1cv is in progress\. `\/cv status 1` shows its progress/],
  [approved, approver, "retry 1", /No push of commit #1 has failed.*nothing to retry/],

  // Settings.
  [[], admin, "settings colour red", /There is no setting `colour`/],
  [[], admin, "settings mode", /Say which mode/],
  [[], admin, "settings mode duo", /`duo` is not a mode/],
];

describe("a refused command", () => {
  test.each(refusals)("a refused command says why: after %j, %s types %j", async (given, userId, text, expected) => {
    const world = await createWorld();
    await world.run(...given);
    const before = await world.facts();
    const { said } = await world.command(userId, text);
    expect(said).toContain(":warning:");
    expect(said).toMatch(expected);
    expect(said).not.toMatch(/undefined|\bnull\b|NaN|\[object/);
    expect(await world.facts()).toBe(before);
  });
});

describe("a command without the role", () => {
  const forbidden: [userId: string, text: string, needed: string, may: string[]][] = [
    [
      viewer,
      "stage update technology python-1 experience_years=9",
      "an editor may stage changes; you are a viewer",
      [author, admin],
    ],
    [viewer, "unstage all", "an editor may stage changes", [author]],
    [viewer, 'commit -m "x"', "an editor may commit", [author]],
    [viewer, "review 1", "an editor may request a review", [author]],
    [viewer, "drop 1", "an editor may drop or reopen commits", [author]],
    [viewer, "reopen 1", "an editor may drop or reopen commits", [author]],
    [viewer, "approve 1", "an approver may approve", [approver]],
    [author, "approve 1", "an approver may approve; you are an editor", [approver, people.otherApprover, admin]],
    [author, "reject 1", "an approver may reject", [approver]],
    [author, "push 1 all", "an approver may push", [approver]],
    [author, "retry 1", "an approver may retry a push", [approver]],
    [approver, "settings mode solo", "an admin may change settings; you are an approver", [admin]],
  ];

  test.each(forbidden)("a command without the role names who may: %s types %j", async (userId, text, rule, whoMay) => {
    const world = await createWorld();
    await world.run(...inReview);
    const before = await world.facts();
    const { said } = await world.command(userId, text);
    expect(said).toContain(`Only ${rule}`);
    for (const other of whoMay) expect(said).toContain(`<@${other}>`);
    expect(said).not.toContain(`<@${userId}>`);
    expect(await world.facts()).toBe(before);
  });

  test("a command without the role does not reveal whether a commit exists", async () => {
    const world = await createWorld();
    expect((await world.command(viewer, "approve 77")).said).toContain("Only an approver may approve");
  });
});
