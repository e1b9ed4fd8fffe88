/** Where the server is and who asks: what every request of a client shares. */
import type { Surroundings } from "./surroundings.ts";

export interface Connection {
  /** Of CV Ops, such as `https://cv-ops.example.com`, with or without a slash at the end. */
  baseUrl: string;
  /** An API token, or what gives one each time it is needed. Left out for a person whom the browser has signed in. */
  token?: string | (() => string | Promise<string>);
  /** Needed only by a person, where CV Ops serves several workspaces: a token belongs to one. */
  workspace?: string;
  surroundings: Surroundings;
}

/** @param path below `/v2` */
export const urlOf = ({ baseUrl }: Connection, path: string): string => `${baseUrl.replace(/\/+$/, "")}/v2${path}`;

export const tokenOf = async ({ token }: Connection): Promise<string | null> =>
  (typeof token === "function" ? await token() : token) ?? null;

export const headersOf = async (connection: Connection): Promise<Record<string, string>> => {
  const token = await tokenOf(connection);
  const { workspace } = connection;
  return {
    ...(token !== null && { Authorization: `Bearer ${token}` }),
    ...(workspace !== undefined && { "CV-Workspace": workspace }),
  };
};
