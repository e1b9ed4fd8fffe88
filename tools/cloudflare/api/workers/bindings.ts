/** What a binding has to refer to. The codes and words are those of issue threads; each line names one. */
import { Refusal } from "../../answers.ts";
import type { Cloud } from "../../cloud.ts";
import { runnableTypes } from "../../runtime/workers.ts";
import { type Binding, deployedVersions, type DurableObjectClass, findScript, type State } from "../../state.ts";

// developers.cloudflare.com/workers/platform/limits: variables and secrets together.
const maxTextBytes = 5 * 1024;
const maxTexts = { free: 64, paid: 128 };

interface Place {
  state: State;
  /** The script that is uploaded, and the Durable Object classes that it will have. */
  script: string;
  classes: Record<string, DurableObjectClass>;
}

type Check = (place: Place, binding: Binding) => void;

const text: Check = (_, { name, text: value, json }) => {
  const bytes = Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(json ?? ""));
  // spencerwooo/onedrive-cf-index#28; 5 kB since cloudflare/workers-docs#956.
  if (bytes > maxTextBytes) {
    throw new Refusal(
      400,
      10054,
      `Text binding '${name}' is too large. It may have at most 5 kB, and has ${bytes} bytes.`,
    );
  }
};

const durableObject: Check = ({ state, script, classes }, { class_name, script_name }) => {
  const owner = typeof script_name === "string" && script_name !== script ? script_name : undefined;
  const found = owner === undefined ? classes : findScript(state, owner)?.classes;
  if (found?.[String(class_name)]) return;
  // cloudflare/workers-sdk#10246 and #10034
  throw new Refusal(
    400,
    10061,
    found
      ? `Cannot create binding for class '${String(class_name)}' because it is not currently configured to implement ` +
          "Durable Objects. Ensure a --new-class migration has been applied to it."
      : `Cannot create binding for class '${String(class_name)}': script '${owner}' not found.`,
  );
};

const service: Check = ({ state }, { name, service: target, entrypoint }) => {
  const found = findScript(state, String(target));
  if (!found || found.versions.length === 0) {
    // In several build logs of 2026; a Worker's first upload cannot bind itself either (aklinker1/kiribi's guide).
    throw new Refusal(
      400,
      10143,
      `Service binding '${name}' references Worker '${String(target)}' which was not found. Verify the Worker exists ` +
        "in your account and that the service name in your configuration is correct.",
    );
  }
  const [version] = deployedVersions(found);
  // Not confirmed; distilled knows 10144 for a service binding's target.
  if (typeof entrypoint === "string" && version && !version.exports.includes(entrypoint)) {
    throw new Refusal(
      400,
      10144,
      `Service binding '${name}' references entrypoint '${entrypoint}', which Worker '${String(target)}' does not export.`,
    );
  }
};

const checks: Record<string, Check> = {
  plain_text: text,
  secret_text: text,
  json: text,
  service,
  durable_object_namespace: durableObject,
  d1: ({ state }, { name, id }) => {
    if (state.databases.some(({ uuid }) => uuid === id)) return;
    // tianma-if/edgeever#311
    throw new Refusal(
      400,
      10181,
      `D1 binding '${name}' references database '${String(id)}' which was not found. Verify the database exists in ` +
        "your account and that the database_id in your configuration is correct.",
    );
  },
  kv_namespace: ({ state }, { namespace_id }) => {
    if (state.namespaces.some(({ id }) => id === namespace_id)) return;
    if (!/^[0-9a-f]{32}$/.test(String(namespace_id))) {
      // cloudflare/workers-sdk#14249
      throw new Refusal(
        400,
        10042,
        `KV namespace '${String(namespace_id)}' is not valid. Please verify the namespace_id in your configuration.`,
      );
    }
    // alchemy-run/distilled#363
    throw new Refusal(
      400,
      10041,
      `KV namespace '${String(namespace_id)}' not found. Please use a different namespace.`,
    );
  },
  r2_bucket: ({ state }, { bucket_name }) => {
    if (state.buckets.some(({ name }) => name === bucket_name)) return;
    // cloudflare/workers-sdk#9418
    throw new Refusal(
      400,
      10085,
      `R2 bucket '${String(bucket_name)}' not found. Please use a different name and try again.`,
    );
  },
  queue: ({ state }, { queue_name }) => {
    if (state.queues.some((queue) => queue.queue_name === queue_name)) return;
    // alchemy-run/distilled#363
    throw new Refusal(
      400,
      11000,
      `Queue '${String(queue_name)}' not found. Please use a different queue and try again.`,
    );
  },
  vectorize: ({ state }, { index_name }) => {
    if (state.indexes.some(({ name }) => name === index_name)) return;
    // alchemy-run/distilled: VectorizeIndexNotFound
    throw new Refusal(400, 10159, `Vectorize index '${String(index_name)}' not found.`);
  },
};

export const checkBindings = (
  { plan, store }: Cloud,
  place: Omit<Place, "state">,
  bindings: readonly Binding[],
): void => {
  const names = new Set<string>();
  for (const binding of bindings) {
    if (binding.name === "") throw new Refusal(400, 10052, "Binding must have a name.");
    if (names.has(binding.name)) throw nameInUse(binding.name);
    names.add(binding.name);
    if (!runnableTypes.has(binding.type)) {
      throw new Refusal(400, 10021, `The stand-in cannot run a binding of type ${binding.type}: ${binding.name}`);
    }
    checks[binding.type]?.({ ...place, state: store.state }, binding);
  }
  const texts = bindings.filter(({ type }) => checks[type] === text).length;
  if (texts > maxTexts[plan]) {
    throw new Refusal(400, 10055, `A Worker may have ${maxTexts[plan]} variables and secrets, and this has ${texts}.`);
  }
};

export const nameInUse = (name: string): Refusal =>
  new Refusal(400, 10053, `Binding name '${name}' already in use. Please use a different name and try again.`);
