/** A commit of many changes whose author lies about it, and what its hashed operations say instead. */
import { env } from "cloudflare:test";
import { netEffect } from "../../../shared/domain/staging/net-effect.ts";
import { type NetOperation, netOperations, rowCount } from "../../../shared/domain/staging/net-operations.ts";
import { contentOf } from "../../../shared/domain/commits/commit-hash.ts";
import type { Base, Change } from "../../../shared/domain/staging/change.ts";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { takeNumber } from "../../../shared/storage/counters.ts";
import { read } from "../../../shared/storage/database.ts";
import { changesOfCommitQuery, insertChange } from "../../../shared/storage/staging/changes.ts";
import { writeQuietly } from "../../../shared/storage/write.ts";
import { clock } from "./clock.ts";
import type { World } from "./world.ts";
import { people } from "../people.ts";

export const bothTargets = ["d1cv", "ai-agent"];

/** Figures and names that no operation has: where they stand outside a quotation, the author's words stand for it. */
export const lie = "2 technologies changed; CSS: experience_years 9000 → 9001";
export const noteLie = "1 project added: Moonbase 9002";
export const liesIn = (text: string): boolean => /900[012]|Moonbase|CSS|2 technologies changed/.test(text);

const digits = (index: number): string => String(index).padStart(4, "0");

/** Of ten changes seven change a row, two add one, and one removes one; every fifth changes two fields. */
const partOf = (index: number): Pick<Change, "action" | "entityType" | "entityId" | "payload"> & { seen: Base } => {
  const entityId = `row-${digits(index)}`;
  const values: FieldValues = { name: `Row ${digits(index)}`, category: "Backend", experience_years: index % 40 };
  const seen: Base = { seen: "row", version: "1", values };
  if (index % 10 === 3 || index % 10 === 7) {
    const payload = { name: `New ${digits(index)}`, category: "Frontend" };
    return { action: "CREATE", entityType: "technology", entityId, payload, seen: { seen: "absent" } };
  }
  if (index % 10 === 5) return { action: "DELETE", entityType: "technology", entityId, payload: {}, seen };
  const payload = { experience_years: (index % 40) + 1, ...(index % 5 === 0 ? { level: "Expert" } : {}) };
  return { action: "UPDATE", entityType: "technology", entityId, payload, seen };
};

/** Stages changes of different rows as one person; each has a note that says something else. */
export const stageMany = async (world: World, count: number): Promise<void> => {
  const statements = Array.from({ length: count }, (_, index) => {
    const { seen, ...part } = partOf(index + 1);
    return [
      takeNumber(world.team, "change"),
      insertChange(world.team, {
        ...part,
        id: `many-${digits(index + 1)}`,
        targets: bothTargets,
        base: Object.fromEntries(bothTargets.map((target) => [target, seen])),
        note: noteLie,
        permalink: null,
        sourceAuthor: null,
        createdBy: people.author,
        contributors: [people.author],
        unseenEdit: null,
        createdAt: clock.iso(),
      }),
    ];
  });
  for (let at = 0; at < statements.length; at += 100) await writeQuietly(env.DB, statements.slice(at, at + 100).flat());
};

export interface Hashed {
  hash: string;
  operations: NetOperation[];
  rowCount: number;
  /** "3 technologies changed", …: each kind, counted from what a push sends. */
  counts: string[];
}

const nouns = { UPDATE: "changed", CREATE: "added", DELETE: "removed" } as const;

/** What the stored changes of commit 1 amount to, counted without the code that writes the surfaces. */
export const hashedOf = async (world: World): Promise<Hashed> => {
  const [{ changes }] = await read(env.DB, changesOfCommitQuery(world.team, { number: 1 }));
  const { hash } = await contentOf(changes, bothTargets);
  const operations = netOperations(changes, bothTargets);
  const sent = new Map(
    bothTargets
      .flatMap((target) => netEffect(changes, target))
      .map((each) => [`${each.entityType}/${each.entityId}`, each.action]),
  );
  const counts = [...Map.groupBy(sent.values(), (action) => action)].map(
    ([action, all]) => `${all.length} ${all.length === 1 ? "technology" : "technologies"} ${nouns[action]}`,
  );
  return { hash, operations, rowCount: rowCount(operations), counts };
};
