/** One push from its first command to "verified", by users who repeat a command until it takes effect. */
import { type Scene, type SeedOptions, createScene, runUntil, startMs } from "../world/scene.ts";
import type { Databases } from "../platform/databases.ts";
import type { Product } from "../product/product.ts";
import type { StartingWebhook } from "../receivers/webhooks.ts";
import { type Workspace, workspaces } from "../world/workspaces.ts";

const stepEveryMs = 6000;

export interface StoryStep {
  role: "editor" | "approver";
  text: string;
  /** Finds a row when the step has had its effect; null when it is typed once. */
  effect: string | null;
}

const steps: readonly StoryStep[] = [
  {
    role: "editor",
    text: 'stage create technology name="Tool 1" category=Backend',
    effect: "SELECT 1 FROM staged_changes WHERE action = 'CREATE'",
  },
  {
    role: "editor",
    text: "stage update technology python-1 experience_years=9",
    effect: "SELECT 1 FROM staged_changes WHERE action = 'UPDATE'",
  },
  { role: "editor", text: 'commit -m "work 1"', effect: "SELECT 1 FROM commits" },
  { role: "approver", text: "approve 1", effect: "SELECT 1 FROM commits WHERE review = 'approved'" },
  { role: "approver", text: "push 1 all", effect: "SELECT 1 FROM pushes" },
];

/** A webhook that receives the start of the push and each target's completion. */
const webhookOf = (workspace: Workspace): StartingWebhook => ({
  workspace,
  id: "01simpushstory000000000000",
  events: ["push.started", "job.completed"],
  profile: "fast",
});

/** Runs the story without faults except `crashAt` and those given, until a minute after its last step. */
export const printPushStory = (
  product: Product,
  databases: Databases,
  options: Pick<SeedOptions, "crashAt" | "keepTrace"> & Partial<Pick<SeedOptions, "faults">>,
): Promise<Scene> => {
  const [workspace] = workspaces;
  const webhooks = workspace ? [webhookOf(workspace)] : [];
  const scene = createScene(product, databases, { faults: {}, ...options, seed: "push story", webhooks });
  return tellStory(scene, steps);
};

/** @param onStep called before each step is typed */
export const tellStory = async (
  scene: Scene,
  told: readonly StoryStep[],
  onStep: (text: string) => void = () => {},
): Promise<Scene> => {
  const { world, people } = scene;
  const [workspace] = workspaces;
  if (!workspace) return scene;
  let atMs = startMs;
  for (const { role, text, effect } of told) {
    onStep(text);
    const userId = workspace.people.find((person) => person.role === role)?.userId ?? "";
    const hasEffect = (): boolean => effect !== null && world.staging.rows(effect).length > 0;
    for (let tries = 0; tries < (effect === null ? 1 : 4) && !hasEffect(); tries += 1) {
      people.type({ workspaceId: workspace.id, userId }, text, workspace.channel);
      await runUntil(scene, (atMs += stepEveryMs));
    }
  }
  await runUntil(scene, atMs + 60_000);
  return scene;
};

/** Crashes alone must not prevent the push: no target refuses it. */
export const isUndone = ({ world }: Scene): string[] => {
  const done = world.staging.rows(
    "SELECT 1 FROM commits c JOIN jobs j ON j.commit_id = c.id WHERE c.status = 'applied_all' AND j.verified_at IS NOT NULL",
  );
  const delivered = world.staging.rows(
    `SELECT 1 FROM webhook_deliveries d JOIN job_events v ON v.id = d.event_id WHERE v.type = 'job.completed' AND d.state = 'delivered'`,
  );
  return [
    ...(done.length === 2 ? [] : ["the push was not applied and verified everywhere"]),
    ...(delivered.length === 2 ? [] : ["the webhook did not receive both completions"]),
  ];
};
