/** Runs before each test file. */
import { freshDatabase } from "./fresh-database.ts";

await freshDatabase();
