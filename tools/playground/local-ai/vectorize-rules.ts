/**
 * What Vectorize refuses (developers.cloudflare.com/vectorize/platform/limits), in its own words where they are
 * documented: `VECTOR_UPSERT_ERROR (code = 40008): id too long; …`. Each function throws, as the binding rejects.
 */
const maxIdBytes = 64;
const maxNamespaceBytes = 64;
const maxMetadataBytes = 10 * 1024;
const maxVectorsPerUpsert = 1000;
const maxIdsPerGet = 20;
/** The documented limits. With values or metadata the service has lately let 50 through. */
const maxTopK = 100;
const maxTopKWithDetails = 20;

type Operation = "INSERT" | "UPSERT" | "DELETE" | "GET" | "QUERY";

const refuse = (operation: Operation, code: number, message: string): never => {
  throw new Error(`VECTOR_${operation}_ERROR (code = ${code}): ${message}`);
};

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** @param dimensions of the index */
export const checkVectors = (operation: "INSERT" | "UPSERT", vectors: VectorizeVector[], dimensions: number): void => {
  if (vectors.length === 0) refuse(operation, 40007, "no vectors given");
  if (vectors.length > maxVectorsPerUpsert) {
    refuse(operation, 40007, `too many vectors; max is ${maxVectorsPerUpsert}, got ${vectors.length}`);
  }
  for (const vector of vectors) {
    checkId(operation, vector.id);
    checkNamespace(operation, vector.namespace);
    if (vector.values.length !== dimensions) {
      const got = `expected ${dimensions} dimensions, and got ${vector.values.length} dimensions`;
      refuse(operation, 40012, `invalid vector for id="${vector.id}", ${got}`);
    }
    if (!vector.values.every((value) => Number.isFinite(value))) {
      refuse(operation, 40012, `invalid vector for id="${vector.id}", every value must be a finite number`);
    }
    checkMetadata(operation, vector);
  }
};

const checkMetadata = (operation: Operation, { id, metadata }: VectorizeVector): void => {
  if (!metadata) return;
  const size = byteLength(JSON.stringify(metadata));
  if (size > maxMetadataBytes) {
    refuse(operation, 40023, `metadata too large for id="${id}"; max is ${maxMetadataBytes} bytes, got ${size} bytes`);
  }
  const badKey = Object.keys(metadata).find((key) => key === "" || key.startsWith("$") || /["."]/.test(key));
  if (badKey !== undefined) refuse(operation, 40018, `invalid metadata key "${badKey}" for id="${id}"`);
};

const checkId = (operation: Operation, id: string): void => {
  const size = byteLength(id);
  if (size === 0) refuse(operation, 40008, "id must not be empty");
  if (size > maxIdBytes) refuse(operation, 40008, `id too long; max is ${maxIdBytes} bytes, got ${size} bytes`);
};

const checkNamespace = (operation: Operation, namespace: string | undefined): void => {
  if (namespace !== undefined && byteLength(namespace) > maxNamespaceBytes) {
    refuse(operation, 40009, `namespace too long; max is ${maxNamespaceBytes} bytes`);
  }
};

export const checkIds = (operation: "DELETE" | "GET", ids: string[]): void => {
  const max = operation === "GET" ? maxIdsPerGet : maxVectorsPerUpsert;
  if (ids.length === 0 || ids.length > max) {
    refuse(operation, 40007, `expected between 1 and ${max} ids, and got ${ids.length}`);
  }
  for (const id of ids) checkId(operation, id);
};

/** @param dimensions of the index */
export const checkQuery = (vector: ArrayLike<number>, options: VectorizeQueryOptions, dimensions: number): void => {
  if (vector.length !== dimensions) {
    refuse(
      "QUERY",
      40006,
      `invalid query vector, expected ${dimensions} dimensions, and got ${vector.length} dimensions`,
    );
  }
  checkNamespace("QUERY", options.namespace);
  if (typeof options.returnMetadata === "boolean") {
    refuse(
      "QUERY",
      40026,
      'Failed to parse the request body as JSON: returnMetadata: expected "none", "indexed" or "all"',
    );
  }
  const details = options.returnValues === true || options.returnMetadata === "all";
  const max = details ? maxTopKWithDetails : maxTopK;
  const topK = options.topK ?? 5;
  if (!Number.isInteger(topK) || topK < 1 || topK > max) {
    const when = details ? "with returnValues=true or returnMetadata=all, " : "";
    refuse("QUERY", 40025, `${when}max top K is ${max}, but got ${topK}`);
  }
  const [property] = Object.keys(options.filter ?? {});
  if (property !== undefined) {
    refuse("QUERY", 40027, `no metadata index for property "${property}"; create one before filtering by it`);
  }
};
