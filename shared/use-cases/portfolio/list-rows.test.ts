import { expect, test } from "vitest";
import { createWorld, everythingOf, reasonOf, valueOf } from "../../../test/support/shared/world.ts";
import { listRows } from "./list-rows.ts";

test("the rows of a type are listed by name, with values, from the first target", async () => {
  const world = await createWorld();
  world.ai.put("technology", "zig-1", { name: "Zig" });
  const { target, rows } = valueOf(await listRows(world.as("viewer"), "technology"));
  expect(target).toBe("d1cv");
  expect(rows.map(({ id, name }) => `${name} ${id}`)).toEqual(["Go go-1", "jQuery jquery-1", "Python python-1"]);
  expect(rows[2]?.values).toMatchObject({ name: "Python", experience_years: 5, is_featured: true, level: null });
  expect(valueOf(await listRows(world.as("viewer"), "education")).rows).toEqual([]);
});

test("a list of rows comes from the next target when the first is down", async () => {
  const world = await createWorld();
  world.d1cv.isDown = true;
  expect(valueOf(await listRows(world.as("viewer"), "technology")).target).toBe("ai-agent");
});

test("a list of rows names each target's reason when none answers", async () => {
  const world = await createWorld();
  world.d1cv.isDown = true;
  world.ai.isDown = true;
  expect(reasonOf(await listRows(world.as("viewer"), "technology"))).toEqual({
    code: "rows_unavailable",
    unanswered: [
      { target: "d1cv", message: "could not be reached" },
      { target: "ai-agent", message: "could not be reached" },
    ],
  });
});

test("a list of rows changes nothing in the workspace", async () => {
  const world = await createWorld();
  const before = await everythingOf(world.workspaceId);
  await listRows(world.as("viewer"), "technology");
  expect(await everythingOf(world.workspaceId)).toEqual(before);
});
