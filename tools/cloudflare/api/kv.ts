import type { Hono } from "hono";
import { z } from "zod";
import { answer, answerPage, Refusal } from "../answers.ts";
import { type Cloud, hexId } from "../cloud.ts";

const base = "/accounts/:account/storage/kv/namespaces";
const maxTitleLength = 512;
// developers.cloudflare.com/kv/platform/limits
const maxNamespaces = 1_000;

/** Codes 10013, 10014 and 10019: distilled's list of KV's errors. */
export const addKv = (api: Hono, { store, runtime }: Cloud): void => {
  api.get(base, (c) => {
    const shown = store.state.namespaces
      .toSorted((one, other) => one.title.localeCompare(other.title))
      .map((namespace) => ({ ...namespace, supports_url_encoding: true }));
    return answerPage(shown, new URL(c.req.url).searchParams);
  });

  api.post(base, async (c) => {
    const { title } = z.object({ title: z.string().default("") }).parse(await c.req.json());
    if (title === "" || title.length > maxTitleLength) {
      throw new Refusal(400, 10019, "a namespace title is required, of at most 512 characters");
    }
    if (store.state.namespaces.some((namespace) => namespace.title === title)) {
      throw new Refusal(400, 10014, "a namespace with this account ID and title already exists");
    }
    if (store.state.namespaces.length >= maxNamespaces) {
      throw new Refusal(400, 10032, "the maximum number of namespaces has been reached");
    }
    const namespace = { id: hexId(), title };
    store.state.namespaces.push(namespace);
    store.save();
    runtime.invalidate();
    return answer({ ...namespace, supports_url_encoding: true });
  });

  api.delete(`${base}/:namespace`, (c) => {
    const id = c.req.param("namespace");
    if (!store.state.namespaces.some((namespace) => namespace.id === id)) {
      throw new Refusal(404, 10013, "namespace not found");
    }
    store.state.namespaces = store.state.namespaces.filter((namespace) => namespace.id !== id);
    store.save();
    runtime.invalidate();
    return answer({});
  });
};
