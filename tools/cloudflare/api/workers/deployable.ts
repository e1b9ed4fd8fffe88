/** Whether a version may get requests again: developers.cloudflare.com/workers/versions-and-deployments/rollbacks. */
import { Refusal } from "../../answers.ts";
import type { Cloud } from "../../cloud.ts";
import { deployedVersions, type Script, type Version } from "../../state.ts";
import { checkBindings } from "./bindings.ts";

// developers.cloudflare.com/changelog/2025-09-11-increased-version-rollback-limit
const newestVersions = 100;

export const requireDeployable = (cloud: Cloud, script: Script, version: Version, force: boolean): void => {
  if (!script.versions.slice(-newestVersions).includes(version)) {
    throw new Refusal(400, 10217, `Only the ${newestVersions} newest versions can be deployed.`);
  }
  if (version.migration_tag !== script.migration_tag) {
    // The rule is documented; the code is not.
    throw new Refusal(
      400,
      10210,
      `Version ${version.id} cannot be deployed: a Durable Object migration has been applied since it was uploaded.`,
    );
  }
  // A database, queue or bucket that is gone.
  checkBindings(cloud, { script: script.name, classes: script.classes }, version.bindings);
  if (!force) requireSameSecrets(script, version);
};

/** wrangler names code and words, asks, and tries again with force: versionsRollbackCommand. */
const requireSameSecrets = (script: Script, version: Version): void => {
  const [deployed] = deployedVersions(script);
  if (!deployed || version.number > deployed.number) return;
  const secrets = ({ bindings }: Version): Map<string, unknown> =>
    new Map(bindings.filter(({ type }) => type === "secret_text").map(({ name, text }) => [name, text]));
  const [older, newer] = [secrets(version), secrets(deployed)];
  const changed = [...new Set([...older.keys(), ...newer.keys()])].filter(
    (name) => older.get(name) !== newer.get(name),
  );
  if (changed.length === 0) return;
  throw new Refusal(
    400,
    10220,
    `Secrets have changed since version ${version.id} was deployed. The following secrets have changed: ${changed.join(", ")}`,
  );
};
