import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { entityOf } from "../../../shared/domain/portfolio/registry.ts";
import { operations } from "../../../shared/targets/protocol.ts";
import { portfolio } from "./portfolio.ts";
import type { SeedRow } from "./seed-row.ts";

const today = "2026-11";
const rowsOf = (entityType: SeedRow["entityType"]) => portfolio.filter((row) => row.entityType === entityType);
const dateOf = (row: SeedRow, name: string) => row.values[name]?.toString();

describe("the seeded portfolio", () => {
  it.each(portfolio.map((row) => [`${row.entityType} ${row.id}`, row] as const))(
    "the seeded row %s fits its entity",
    (_name, row) => {
      expect(z.safeParse(operations, { inserts: [row], updates: [], deletes: [] }).success).toBe(true);
      const { fields } = entityOf(row.entityType);
      expect(Object.keys(row.values).filter((name) => !(name in fields))).toEqual([]);
      for (const [name, field] of Object.entries(fields)) {
        const value = row.values[name];
        if (value === undefined) expect(field.required, name).toBe(false);
        else expect(z.safeParse(field.schema, value).error, name).toBeUndefined();
      }
    },
  );

  it("the seeded portfolio has the promised number of rows of each type", () => {
    const types = new Set(portfolio.map(({ entityType }) => entityType));
    const counts = Object.fromEntries([...types].map((type) => [type, rowsOf(type).length]));
    expect(counts).toEqual({ technology: 74, project: 12, experience: 8, education: 4, certification: 3, profile: 1 });
  });

  it("the seeded portfolio has unique ids and unique names of technologies", () => {
    expect(new Set(portfolio.map((row) => row.id)).size).toBe(portfolio.length);
    const names = rowsOf("technology").map((row) => row.values["name"]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("the seeded portfolio starts as the onboarding steps expect", () => {
    expect(portfolio.find((row) => row.id === "python-1")?.values["experience_years"]).toBe(5);
    expect(portfolio.some((row) => row.id === "jquery-1")).toBe(true);
    expect(JSON.stringify(portfolio)).not.toMatch(/\bRust\b/);
  });

  it("the seeded dates start before they end, and by today", () => {
    const impossible = portfolio.filter((row) => {
      const start = dateOf(row, "start_date") ?? dateOf(row, "issued_date");
      const end = dateOf(row, "end_date") ?? dateOf(row, "expires_date");
      return start !== undefined && (start > today || (end !== undefined && start >= end));
    });
    expect(impossible.map(({ id }) => id)).toEqual([]);
  });

  it("the seeded portfolio names only technologies that it has", () => {
    const names = new Set(rowsOf("technology").map((row) => row.values["name"]));
    const used = portfolio.flatMap((row) => row.values["technologies"] ?? []);
    expect(used.filter((name) => typeof name !== "string" || !names.has(name))).toEqual([]);
  });
});
