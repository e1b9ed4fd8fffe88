import type { Hono } from "hono";
import { answer, Refusal } from "../../answers.ts";
import type { Cloud } from "../../cloud.ts";
import { forgetVersions } from "../../runtime/files.ts";
import { deployedVersions, type State } from "../../state.ts";
import { requireScript } from "./scripts.ts";

const base = "/accounts/:account/workers";

/** What other Workers have of this one. */
const referencesOf = (state: State, name: string) => {
  const others = state.scripts
    .filter((script) => script.name !== name)
    .flatMap((script) =>
      deployedVersions(script).flatMap(({ bindings }) => bindings.map((binding) => ({ script, binding }))),
    );
  return {
    services: {
      incoming: others
        .filter(({ binding }) => binding.type === "service" && binding["service"] === name)
        .map(({ script, binding }) => ({ service: script.name, environment: "production", name: binding.name })),
      outgoing: [],
      pages_function: false,
    },
    durable_objects: others
      .filter(({ binding }) => binding.type === "durable_object_namespace" && binding["script_name"] === name)
      .map(({ script, binding }) => ({
        service: script.name,
        environment: "production",
        name: binding.name,
        durable_object_namespace_id: "",
        durable_object_namespace_name: `${name}_${String(binding["class_name"])}`,
      })),
    dispatch_outbounds: [],
  };
};

/** A deletion that would break another Worker needs `force`: cloudflare/workers-sdk#3426. */
export const addDeletion = (api: Hono, cloud: Cloud): void => {
  const { store, runtime } = cloud;
  const { state } = store;

  api.get(`${base}/scripts/:script/references`, (c) => {
    const { name } = requireScript(cloud, c.req.param("script"));
    return answer(referencesOf(state, name));
  });
  api.get(`${base}/tails/by-consumer/:script`, () => answer([]));

  const remove = (name: string, force: boolean): void => {
    const script = requireScript(cloud, name);
    // cloudflare/workers-sdk#3370, in the words of 2026. Reports differ on force; here it changes nothing.
    if (state.queues.some(({ consumers }) => consumers.some((consumer) => consumer.script === name))) {
      throw new Refusal(
        400,
        10064,
        "Cannot delete this Worker as it is a consumer for a Queue. Remove it from the Queue's consumers first, then " +
          "retry.",
      );
    }
    if (!force) {
      const { services, durable_objects } = referencesOf(state, name);
      const [user = durable_objects[0]] = services.incoming;
      if (user) throw new Refusal(400, 10064, `script still in use: ${user.service} has a binding to it`);
    }
    state.scripts = state.scripts.filter((each) => each !== script);
    forgetVersions(store.directory, script.versions);
    store.save();
    runtime.invalidate();
  };

  for (const path of [`${base}/services/:script`, `${base}/scripts/:script`] as const) {
    api.delete(path, (c) => {
      remove(c.req.param("script"), c.req.query("force") === "true");
      return answer(null);
    });
  }
};
