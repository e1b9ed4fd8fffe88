/** Drills of docs/guides/runbooks.md under the whole product, in virtual time: people type, and time goes by. */
import { type Databases, openDatabases } from "../platform/databases.ts";
import "../platform/surroundings.ts";
import { bundleProduct } from "../product/bundle.ts";
import { loadProduct } from "../product/load.ts";
import { type Scene, createScene, startMs } from "../world/scene.ts";
import { workspaces } from "../world/workspaces.ts";

type Role = "editor" | "approver" | "admin";
const [workspace] = workspaces;
if (!workspace) throw new Error("no workspace");
const idOf = (role: Role): string => workspace.people.find((person) => person.role === role)?.userId ?? "";

export const openDrills = async () => {
  const product = await loadProduct(await bundleProduct(null));
  const databases = openDatabases(null);

  const rows = (database: keyof Databases, sql: string): Record<string, unknown>[] =>
    databases[database].prepare(sql).all();

  const drill = (seed: string, options: Parameters<typeof createScene>[2] = { seed }) => {
    const scene: Scene = createScene(product, databases, { faults: {}, ...options });
    const { runtime, slack } = scene.world;
    // What wrangler notes of migrations, and doctor reads.
    databases.staging.exec(
      `CREATE TABLE IF NOT EXISTS d1_migrations (name TEXT); INSERT INTO d1_migrations VALUES ('9999')`,
    );
    let atMs = startMs;
    const wait = async (ms: number): Promise<void> => {
      atMs += ms;
      // What the simulator's own observer remembers of a database that was put back is no violation.
      while ((runtime.scheduler.nextMs ?? Number.POSITIVE_INFINITY) <= atMs) await runtime.scheduler.step();
    };
    /** @returns what Slack has answered */
    const type = async (role: Role, text: string, ms = 8000): Promise<string> => {
      const before = slack.privateMessages.length;
      scene.people.type({ workspaceId: workspace.id, userId: idOf(role) }, text, workspace.channel);
      await wait(ms);
      return JSON.stringify(slack.privateMessages.slice(before));
    };
    const commit = async (...changes: string[]): Promise<number> => {
      for (const change of changes) await type("editor", `stage ${change}`);
      await type("editor", 'commit -m "work"');
      const number = Number(rows("staging", "SELECT MAX(number) AS number FROM commits")[0]?.["number"]);
      await type("approver", `approve ${number}`);
      return number;
    };
    const push = (number: number, ms = 120_000): Promise<string> => type("approver", `push ${number} all`, ms);
    return { scene, workspace, wait, type, commit, push };
  };
  return { databases, rows, drill };
};

export type Drills = Awaited<ReturnType<typeof openDrills>>;
