/** Rolls the batch back unless the previous statement changed exactly `count` rows. */
export const assertChanges = (db: D1Database, count: number): D1PreparedStatement =>
  db.prepare("INSERT INTO assertion (actual, expected) VALUES (changes(), ?1)").bind(count);

/** Runs the batch. Null when an assertion rolled the batch back; other failures throw. */
export const commitBatch = async (db: D1Database, statements: D1PreparedStatement[]): Promise<D1Result[] | null> => {
  try {
    return await db.batch(statements);
  } catch (error) {
    // The message of the trigger on `assertion`; D1 has no error codes.
    if (error instanceof Error && /\bconflict: SQLITE_CONSTRAINT/.test(error.message)) return null;
    throw error;
  }
};
