import { describe, expect, test } from "vitest";
import { editByOthers, editedBy } from "../staging/edited.ts";
import type { Change } from "../staging/change.ts";
import { contributorsOf } from "./contributors.ts";

const [author, admin, other] = ["U0AVERY01", "U0CARLA01", "U0BLAKE01"];

const changeOf = (): Change => ({
  id: "change-1",
  number: 1,
  state: "staged",
  commitId: null,
  targets: ["d1cv", "ai-agent"],
  entityType: "technology",
  action: "UPDATE",
  entityId: "python-1",
  payload: { experience_years: 8 },
  base: { d1cv: { seen: "row", version: "1", values: { name: "Python", experience_years: 5 } } },
  note: null,
  permalink: null,
  sourceAuthor: null,
  createdBy: author,
  contributors: [author],
  unseenEdit: null,
  createdAt: "2031-03-03T09:00:00.000Z",
});

const set = (change: Change, payload: Record<string, number | string>, editor: string): Change =>
  editedBy(change, { ...change, payload: { ...change.payload, ...payload } }, editor, Object.keys(payload));

describe("contributors", () => {
  test("contributors of a commit are its author and everybody in one of its changes, each once", () => {
    const changes = [{ contributors: [author, other] }, { contributors: [admin, author] }];
    expect(contributorsOf({ createdBy: author }, changes)).toEqual([author, other, admin]);
    expect(contributorsOf({ createdBy: admin }, [{ contributors: [author] }])).toEqual([admin, author]);
  });

  test("contributors of a change grow by whoever edits it, once", () => {
    const edited = set(set(changeOf(), { experience_years: 9 }, admin), { level: "Expert" }, admin);
    expect(edited.contributors).toEqual([author, admin]);
  });
});

describe("an edit by somebody else", () => {
  test("an edit by somebody else is unseen, with what the author saw last", () => {
    const edited = set(set(changeOf(), { experience_years: 9 }, admin), { level: "Expert" }, other);
    expect(editByOthers(edited)).toEqual({
      number: 1,
      name: "Python",
      by: [admin, other],
      fields: [
        { field: "experience_years", before: "8", after: "9" },
        { field: "level", before: null, after: "Expert" },
      ],
    });
  });

  test("an edit by somebody else that is taken back leaves nothing unseen", () => {
    const edited = set(set(changeOf(), { experience_years: 9 }, admin), { experience_years: 8 }, admin);
    expect(editByOthers(edited)).toBeNull();
    expect(edited.contributors).toContain(admin);
  });

  test("an edit by somebody else stays unseen in the fields that the author does not give themselves", () => {
    const edited = set(changeOf(), { experience_years: 9, level: "Expert" }, admin);
    const own = set(edited, { experience_years: 10 }, author);
    expect(editByOthers(own)?.fields).toEqual([{ field: "level", before: null, after: "Expert" }]);
    expect(editByOthers(set(own, { level: "Expert" }, author))).toBeNull();
  });

  test("an edit by somebody else of the targets is unseen too", () => {
    const change = changeOf();
    const at = editedBy(change, { ...change, targets: ["d1cv"] }, admin, []);
    expect(editByOthers(at)?.fields).toEqual([{ field: "(targets)", before: "d1cv, ai-agent", after: "d1cv" }]);
  });

  test("an edit of one's own leaves nothing unseen", () => {
    expect(editByOthers(set(changeOf(), { experience_years: 9 }, author))).toBeNull();
  });
});
