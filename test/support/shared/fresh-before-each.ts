/** Runs before each test: an empty database of its own. */
import { beforeEach } from "vitest";
import { freshDatabase } from "./fresh-database.ts";

beforeEach(freshDatabase);
