import { existsSync } from "node:fs";
import type { Hono } from "hono";
import { z } from "zod";
import { answer, Refusal } from "../../answers.ts";
import { type Cloud, hexId } from "../../cloud.ts";
import { assetFile, keepAsset } from "../../runtime/files.ts";
import type { AssetManifest } from "../../state.ts";

// developers.cloudflare.com/workers/platform/limits#static-assets
const maxFiles = { free: 20_000, paid: 100_000 };
const maxFileBytes = 25 * 1024 * 1024;
const filesInBucket = 50;
const sessionSeconds = 3600;

const asked = z.object({
  manifest: z.record(z.string(), z.object({ hash: z.string().regex(/^[0-9a-f]{32}$/), size: z.int() })),
});

export interface AssetSessions {
  /** The files of a session that is complete. @param jwt what the last upload answered */
  complete: (jwt: string) => AssetManifest;
}

/** Tokens as wrangler reads them; nobody here checks a signature. */
const tokenOf = (session: string): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [{ alg: "none" }, { session, exp: Math.floor(Date.now() / 1000) + sessionSeconds }, {}].map(part).join(".");
};

const sessionOf = (token: string): string => {
  const payload = token.split(".")[1] ?? "";
  const { session } = JSON.parse(Buffer.from(payload, "base64url").toString() || "{}") as { session?: string };
  return session ?? "";
};

export const addAssets = (api: Hono, { store, plan }: Cloud): AssetSessions => {
  const sessions = new Map<string, AssetManifest>();
  const missing = (manifest: AssetManifest): string[] => [
    ...new Set(
      Object.values(manifest)
        .map(({ hash }) => hash)
        .filter((hash) => !existsSync(assetFile(store.directory, hash))),
    ),
  ];

  api.post("/accounts/:account/workers/scripts/:script/assets-upload-session", async (c) => {
    const { manifest } = asked.parse(await c.req.json());
    const files = Object.values(manifest);
    if (files.length > maxFiles[plan]) throw new Refusal(400, 10021, `More than ${maxFiles[plan]} assets`);
    if (files.some(({ size }) => size > maxFileBytes)) throw new Refusal(400, 10021, "An asset has more than 25 MiB");
    const session = hexId();
    sessions.set(session, manifest);
    const hashes = missing(manifest);
    const buckets = Array.from({ length: Math.ceil(hashes.length / filesInBucket) }, (_, at) =>
      hashes.slice(at * filesInBucket, (at + 1) * filesInBucket),
    );
    return answer({ jwt: tokenOf(session), buckets });
  });

  api.post("/accounts/:account/workers/assets/upload", async (c) => {
    const session = sessionOf(c.req.header("authorization")?.replace(/^Bearer /, "") ?? "");
    const manifest = sessions.get(session);
    if (!manifest) throw new Refusal(403, 10000, "Authentication error");
    for (const [hash, part] of await c.req.raw.formData()) {
      const text = typeof part === "string" ? part : await part.text();
      keepAsset(store.directory, hash, Buffer.from(text, "base64"));
    }
    const done = missing(manifest).length === 0;
    return new Response((await answer(done ? { jwt: tokenOf(session) } : {}).text()) || null, {
      status: done ? 201 : 202,
      headers: { "content-type": "application/json" },
    });
  });

  return {
    complete: (jwt) => {
      const manifest = sessions.get(sessionOf(jwt));
      if (!manifest || missing(manifest).length > 0) {
        throw new Refusal(400, 10021, "The assets' completion token is not valid");
      }
      return manifest;
    },
  };
};
