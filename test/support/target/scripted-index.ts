/** The search, comparison and rebuild of the targets' stand-ins. Without an index it compares rows alone. */
import { type EntityType, entityOf } from "../../../shared/domain/portfolio/registry.ts";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { embeddingDimensions } from "../../../shared/targets/embedding.ts";
import type { ErrorBody, PingAnswer, ReindexAnswer, SearchBody, VerifyBody } from "../../../shared/targets/protocol.ts";
import { reindexRequest } from "../../../shared/targets/protocol.ts";

export interface IndexedRow {
  entityType: EntityType;
  id: string;
  values: FieldValues;
}

export class ScriptedIndex {
  /** Rows whose vectors are gone, as "technology/python-1". */
  lost = new Set<string>();
  /** Ids of the requests to rebuild that had an effect. */
  rebuilt: string[] = [];
  readonly hasVectors: boolean;
  /** With which the index was made; null where it gives no answer. */
  dimensions: number | null = embeddingDimensions;

  constructor(hasVectors: boolean) {
    this.hasVectors = hasVectors;
  }

  /** Rows whose name holds a word of the query; a name that is the query comes first. */
  search(rows: readonly IndexedRow[], params: URLSearchParams): Response {
    if (!this.hasVectors) return refuse(404, "not_found", "There is no such address.");
    const query = (params.get("q") ?? "").trim().toLowerCase();
    const limit = Number(params.get("limit") ?? "10");
    if (query.length < 1 || query.length > 500 || !Number.isInteger(limit) || limit < 1 || limit > 50) {
      return refuse(422, "invalid_request", "q: 1 to 500 characters; limit: 1 to 50");
    }
    const hits = rows
      .filter((row) => !this.lost.has(keyOf(row)))
      .map(({ entityType, id, values }) => {
        const name = entityOf(entityType).displayName(values);
        const own = name.toLowerCase();
        return { entityType, id, name, score: own === query ? 0.9 : query.split(/\s+/).includes(own) ? 0.7 : 0 };
      })
      .filter(({ score }) => score > 0)
      .toSorted((left, right) => right.score - left.score)
      .slice(0, limit);
    return Response.json({ hits } satisfies SearchBody);
  }

  verify(rows: readonly IndexedRow[]): Response {
    const missing = this.hasVectors ? rows.filter((row) => this.lost.has(keyOf(row))) : [];
    return Response.json({
      d1Count: rows.length,
      vectorCount: this.hasVectors ? rows.length - missing.length : null,
      synced: missing.length === 0,
      mismatches: missing.slice(0, 100).map(({ entityType, id }) => ({ entityType, id, reason: "not in the index" })),
    } satisfies VerifyBody);
  }

  /** As the target says of it in a ping. */
  described(rows: readonly IndexedRow[]): PingAnswer["index"] {
    const { dimensions } = this;
    return this.hasVectors ? { dimensions, needed: embeddingDimensions, vectors: rows.length } : null;
  }

  /** The body of a request whose signature was right for `target` and `portfolioId`. */
  rebuild(rows: readonly IndexedRow[], body: unknown, target: string, portfolioId: string): Response {
    const parsed = reindexRequest.safeParse(body);
    if (!parsed.success) return refuse(422, "invalid_request", parsed.error.message);
    if (parsed.data.target !== target || parsed.data.portfolioId !== portfolioId) {
      return refuse(401, "unauthorized", "not for us");
    }
    if (!this.hasVectors) return refuse(501, "not_supported", "This target has no index to rebuild.");
    if (!this.rebuilt.includes(parsed.data.requestId)) {
      this.rebuilt.push(parsed.data.requestId);
      this.lost.clear();
    }
    return Response.json({ accepted: true, rows: rows.length } satisfies ReindexAnswer, { status: 202 });
  }
}

const keyOf = ({ entityType, id }: IndexedRow): string => `${entityType}/${id}`;

const refuse = (status: number, error: string, message: string): Response =>
  Response.json({ error, message } satisfies ErrorBody, { status });
