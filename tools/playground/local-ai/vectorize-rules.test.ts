import { describe, expect, it } from "vitest";
import { checkIds, checkQuery, checkVectors } from "./vectorize-rules.ts";

const values: number[] = Array.from({ length: 768 }, (_, i) => (i === 0 ? 1 : 0));
const vector = (more: Partial<VectorizeVector> = {}): VectorizeVector => ({ id: "a", values, ...more });
const upsert = (more: Partial<VectorizeVector>) => () => checkVectors("UPSERT", [vector(more)], 768);
const query = (options: VectorizeQueryOptions) => () => checkQuery(values, options, 768);
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i}`);

describe("Vectorize", () => {
  it.each<[string, () => void, string]>([
    [
      "an id of 65 bytes",
      upsert({ id: `${"é".repeat(32)}x` }),
      "VECTOR_UPSERT_ERROR (code = 40008): id too long; max is 64 bytes, got 65 bytes",
    ],
    ["an empty id", upsert({ id: "" }), "(code = 40008)"],
    ["767 dimensions", upsert({ values: values.slice(1) }), "expected 768 dimensions, and got 767 dimensions"],
    [
      "vectors of a model that the index was not made for",
      () => checkVectors("UPSERT", [vector()], 384),
      "expected 384 dimensions, and got 768 dimensions",
    ],
    ["a value that is not finite", upsert({ values: values.with(5, Number.NaN) }), "finite"],
    ["metadata over 10 KiB", upsert({ metadata: { text: "x".repeat(10_240) } }), "(code = 40023)"],
    ["a metadata key with a dot", upsert({ metadata: { "a.b": 1 } }), "(code = 40018)"],
    ["a namespace of 65 bytes", upsert({ namespace: "n".repeat(65) }), "(code = 40009)"],
    ["no vectors", () => checkVectors("INSERT", [], 768), "VECTOR_INSERT_ERROR (code = 40007)"],
    [
      "1,001 vectors",
      () => checkVectors("UPSERT", Array<VectorizeVector>(1001).fill(vector()), 768),
      "max is 1000, got 1001",
    ],
    [
      "21 ids in getByIds",
      () => checkIds("GET", numbers(21)),
      "VECTOR_GET_ERROR (code = 40007): expected between 1 and 20 ids, and got 21",
    ],
    ["topK 101", query({ topK: 101 }), "VECTOR_QUERY_ERROR (code = 40025): max top K is 100, but got 101"],
    ["topK 21 with metadata", query({ topK: 21, returnMetadata: "all" }), "max top K is 20, but got 21"],
    ["topK 21 with values", query({ topK: 21, returnValues: true }), "max top K is 20, but got 21"],
    [
      "a query of 3 dimensions",
      () => checkQuery([1, 2, 3], {}, 768),
      "(code = 40006): invalid query vector, expected 768 dimensions, and got 3",
    ],
    ["a boolean returnMetadata", query({ returnMetadata: true }), "(code = 40026)"],
    ["a filter", query({ filter: { entityType: "technology" } }), 'no metadata index for property "entityType"'],
  ])("local Vectorize refuses a request with %s", (_name, check, message) => {
    expect(check).toThrow(message);
  });

  it.each<[string, () => void]>([
    ["an id of 64 bytes", upsert({ id: "é".repeat(32) })],
    ["metadata of exactly 10 KiB", upsert({ metadata: { text: "x".repeat(10_240 - 11) } })],
    ["1,000 vectors", () => checkVectors("UPSERT", Array<VectorizeVector>(1000).fill(vector()), 768)],
    ["20 ids in getByIds", () => checkIds("GET", numbers(20))],
    ["topK 100", query({ topK: 100, returnMetadata: "indexed" })],
    ["topK 20 with metadata and values", query({ topK: 20, returnMetadata: "all", returnValues: true })],
  ])("local Vectorize allows a request with %s", (_name, check) => {
    expect(check).not.toThrow();
  });
});
