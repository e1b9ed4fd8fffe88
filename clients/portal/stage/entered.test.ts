/** What was entered and not sent is there again, on top of what the row is by then. */
import { describe, expect, test } from "vitest";
import { draftAt } from "../data/use-draft.ts";
import type { EntityForm, Row } from "../data/queries.ts";
import { draftOf, enteredAtFirst, matchesLink, stageDraft } from "./entered.ts";

const field = (name: string) => ({ name, label: name, kind: "text", required: false, hint: "", options: null });
const entity = { type: "technology", label: "Technology", fields: [field("name"), field("level")] } as EntityForm;
const python = (level: string): Row => ({ id: "python-1", name: "Python", values: { name: "Python", level } });
const targets = ["d1cv", "ai-agent"];
const first = { entity, rows: [python("Advanced")], left: null, rowId: null, targets };

describe("a saved form", () => {
  const entered = enteredAtFirst({ ...first, rowId: "python-1" });
  const left = draftOf(
    { ...entered, typed: { ...entered.typed, name: "Python 3" }, targets: ["d1cv"] },
    "UPDATE",
    entity,
  );

  test("a saved form keeps what was typed, not the values before it", () => {
    expect(left).toEqual({
      action: "UPDATE",
      type: "technology",
      rowTyped: "python-1",
      changed: { name: "Python 3" },
      targets: ["d1cv"],
    });
  });

  test("a saved form is restored on top of the row's present values", () => {
    expect(enteredAtFirst({ ...first, left, rows: [python("Expert")] })).toMatchObject({
      row: { id: "python-1" },
      typed: { name: "Python 3", level: "Expert" },
      targets: ["d1cv"],
    });
  });

  test("a saved form keeps the name of a deleted row, and drops a deleted target", () => {
    expect(enteredAtFirst({ ...first, left, rows: [], targets: ["ai-agent"] })).toMatchObject({
      row: null,
      rowTyped: "python-1",
      typed: { name: "Python 3" },
      targets: [],
    });
  });

  test("a saved form gives way to a link about another row", () => {
    expect(matchesLink(left, new URLSearchParams())).toBe(true);
    expect(matchesLink(left, new URLSearchParams("type=technology&row=python-1"))).toBe(true);
    expect(matchesLink(left, new URLSearchParams("type=technology&row=go-1"))).toBe(false);
    expect(matchesLink(left, new URLSearchParams("type=project"))).toBe(false);
  });

  test("a saved form of another version of the portal is ignored", () => {
    const holding = (text: string | null) => ({ getItem: () => text });
    expect(draftAt(holding(JSON.stringify(left)), "draft", stageDraft)).toEqual(left);
    expect(draftAt(holding('{"action":"RENAME"}'), "draft", stageDraft)).toBeNull();
    expect(draftAt(holding("{"), "draft", stageDraft)).toBeNull();
    expect(draftAt(holding(null), "draft", stageDraft)).toBeNull();
  });
});
