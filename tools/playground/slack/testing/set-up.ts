/** One workerd serves the test files of a worker one after the other: each begins with a workspace of its own. */
import { reset } from "cloudflare:test";
import { beforeAll } from "vitest";

beforeAll(reset);
