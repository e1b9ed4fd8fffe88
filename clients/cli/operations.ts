/** A commit with everything that it does. */
import type { Client } from "../sdk/index.ts";
import type { ApiCommitDetail } from "../../shared/contract/resources.ts";

/** Reads every page; all of them are about the content that the commit has. */
export const allOf = async (client: Client, number: number): Promise<ApiCommitDetail> => {
  const commit = await client.showCommit({ number });
  const operations = [...commit.operations];
  let { next } = commit;
  while (next !== null) {
    const page = await client.listOperations({ number }, { after: next, limit: 200 });
    if (page.hash !== commit.hash) return allOf(client, number);
    operations.push(...page.operations);
    ({ next } = page);
  }
  return { ...commit, operations, next };
};
