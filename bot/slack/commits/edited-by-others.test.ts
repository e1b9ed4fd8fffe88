/** Somebody else has edited what a person commits: typed, clicked, in the form and over HTTP. */
import { describe, expect, test } from "vitest";
import { ApiClient } from "../../../test/support/bot/api-client.ts";
import { lookAt } from "../../../test/support/bot/clicking-person.ts";
import { Screen } from "../../../test/support/bot/screen.ts";
import { slack } from "../../../test/support/bot/stand-ins.ts";
import { textsOf } from "../../../test/support/bot/texts.ts";
import { type World, createWorld, people } from "../../../test/support/bot/world.ts";

const { admin, author, approver } = people;

const editedByAdmin = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=9"],
    [admin, "edit 1 experience_years=44"],
  );
  return world;
};

describe("a change that an admin has edited", () => {
  test("a change that an admin has edited is a direct message to its author, with before and after", async () => {
    const world = await editedByAdmin();
    await world.settle();
    const direct = slack.messages.filter((message) => /edited your staged change/.test(textsOf(message)));
    expect(direct).toHaveLength(1);
    expect(textsOf(direct[0] as never)).toMatch(
      new RegExp(`change 1 .*Python.*, by <@${admin}>: .experience_years. 9 → 44`),
    );
  });

  test("a change that an admin has edited is committed by a click on the refusal, with its message", async () => {
    const world = await editedByAdmin();
    const person = await lookAt(world, author, String.raw`commit -m "Nine \"9\" years" --draft`);
    expect(person.said).toMatch(/Somebody else has edited what you commit[\s\S]*`experience_years` 9 → 44/);
    expect(await world.rows("commits")).toEqual([]);
    await person.click("Commit it as it is now");
    expect(await world.rows("commits")).toMatchObject([{ message: 'Nine "9" years', review: "draft" }]);
  });

  test("a change that an admin has edited names the admin on the card, and not as somebody to approve it", async () => {
    const world = await editedByAdmin();
    const { said } = await world.command(author, "commit -m Nine");
    const [, seen = ""] = /--accept-edits (\w+)/.exec(said) ?? [];
    await world.run([author, `commit -m Nine --accept-edits ${seen}`]);
    await world.settle();
    const card = textsOf(world.message(/Commit #1/));
    expect(card).toContain(`By <@${author}>, edited by <@${admin}>`);
    expect(card).toMatch(new RegExp(`Needs approval by .*<@${approver}>`));
    expect(card).not.toMatch(new RegExp(`Needs approval by .*<@${admin}>`));
    expect((await world.command(admin, "approve 1")).said).toMatch(
      /You have edited a change of commit #1 \(1\), so somebody else has to approve it/,
    );
    expect((await world.command(admin, "show 1")).said).not.toMatch(/^Approve$/m);
  });

  test("a change that an admin has edited is asked about in the form, which commits when sent again", async () => {
    const world = await editedByAdmin();
    await world.post(world.commandBody(author, "commit"));
    const person = new Screen(world, author);
    await person.submit({ message: "Nine" });
    expect(person.said).toContain("Somebody else has edited");
    expect(await world.rows("commits")).toEqual([]);
    await person.submit({ message: "Nine" });
    expect(await world.rows("commits")).toMatchObject([{ message: "Nine", review: "in_review" }]);
  });

  test("a change that an admin has edited is refused over HTTP until the refusal's code is given", async () => {
    const world = await editedByAdmin();
    const api = await ApiClient.of(world, author);
    const refused = await api.post("/commit", { message: "Nine" });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "edited_by_others", edits: [{ number: 1, by: [admin] }] },
    });
    expect((await api.get("/staged")).body.changes).toMatchObject([{ contributors: [author, admin] }]);
    const made = await api.post("/commit", { message: "Nine", acceptEdits: refused.body.seen });
    expect(made).toMatchObject({ status: 201, body: { author, contributors: [author, admin] } });
    const own = await ApiClient.of(world, admin);
    expect(await own.post("/commits/1/approve", {})).toMatchObject({
      status: 403,
      body: { code: "contributor_approval" },
    });
  });
});
