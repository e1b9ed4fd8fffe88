/** The migrations of Durable Object classes that come with an upload. */
import { z } from "zod";
import { Refusal } from "../../answers.ts";
import { hexId, type Plan } from "../../cloud.ts";
import type { Binding, DurableObjectClass } from "../../state.ts";

const step = z.object({
  new_classes: z.array(z.string()).default([]),
  new_sqlite_classes: z.array(z.string()).default([]),
  renamed_classes: z.array(z.object({ from: z.string(), to: z.string() })).default([]),
  deleted_classes: z.array(z.string()).default([]),
});

export const migrations = z.object({
  old_tag: z.string().optional(),
  new_tag: z.string(),
  steps: z.array(step),
});

type Classes = Record<string, DurableObjectClass>;

export interface Upload {
  exports: readonly string[];
  bindings: readonly Binding[];
  plan: Plan;
}

/** The classes after the migrations. @param tag of the last one that was applied */
export const migrate = (
  before: { tag: string | null; classes: Classes },
  wanted: z.infer<typeof migrations>,
  upload: Upload,
): Classes => {
  if ((wanted.old_tag ?? null) !== before.tag) {
    // In the words of a wrangler log: "Migration tag precondition failed; current tag is 'v1' [code: 10079]".
    throw new Refusal(412, 10079, `Migration tag precondition failed; current tag is '${before.tag ?? ""}'`);
  }
  const classes = { ...before.classes };
  for (const each of wanted.steps) applyStep(classes, each, upload);
  return classes;
};

const applyStep = (classes: Classes, wanted: z.infer<typeof step>, upload: Upload): void => {
  for (const name of wanted.new_classes) add(classes, name, false, upload);
  for (const name of wanted.new_sqlite_classes) add(classes, name, true, upload);
  for (const { from, to } of wanted.renamed_classes) {
    const moved = classes[from];
    if (!moved)
      throw new Refusal(400, 10073, `Cannot apply rename-class migration to class '${from}': it does not exist`);
    requireExport("rename-class", to, upload);
    delete classes[from];
    classes[to] = moved;
  }
  for (const name of wanted.deleted_classes) {
    // cloudflare/workers-sdk#8210; by the class's name alone: alchemy-run/alchemy#799.
    if (upload.bindings.some(({ type, class_name }) => type === "durable_object_namespace" && class_name === name)) {
      throw new Refusal(
        400,
        10061,
        `Cannot apply --delete-class migration to class '${name}' without also removing the binding that references it.`,
      );
    }
    if (!classes[name])
      throw new Refusal(400, 10073, `Cannot apply delete-class migration to class '${name}': it does not exist`);
    delete classes[name];
  }
};

const add = (classes: Classes, name: string, sqlite: boolean, upload: Upload): void => {
  const kind = sqlite ? "new-sqlite-class" : "new-class";
  if (!sqlite && upload.plan === "free") {
    // developers.cloudflare.com/durable-objects/platform/pricing: only SQLite on the free plan.
    throw new Refusal(
      400,
      10097,
      "In order to use Durable Objects with a free plan, you must create a namespace using a `new_sqlite_classes` migration.",
    );
  }
  // "10074" in several logs of uploads whose tag had been lost.
  if (classes[name]) {
    throw new Refusal(
      400,
      10074,
      `Cannot apply ${kind} migration to class '${name}' that is already depended on by existing Durable Objects`,
    );
  }
  requireExport(kind, name, upload);
  classes[name] = { namespace_id: hexId(), sqlite };
};

const requireExport = (kind: string, name: string, { exports }: Upload): void => {
  if (exports.includes(name)) return;
  throw new Refusal(400, 10070, `Cannot apply ${kind} migration to class '${name}' that is not exported by script`);
};

/** cloudflare/mcp-server-cloudflare#387 */
export const requireClasses = (classes: Classes, exports: readonly string[]): void => {
  const missing = Object.keys(classes).find((name) => !exports.includes(name));
  if (missing === undefined) return;
  throw new Refusal(
    400,
    10064,
    `New version of script does not export class '${missing}' which is depended on by existing Durable Objects. If you ` +
      "want to delete the object's data, use a delete-class migration.",
  );
};
