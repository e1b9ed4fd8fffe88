/** The server's address and the caller's credentials, shared by every request of a client. */
import type { Surroundings } from "./surroundings.ts";

export interface Connection {
  /** Address of CV Ops, such as `https://cv-ops.example.com`, with or without a slash at the end. */
  baseUrl: string;
  /** An API token, or a function that returns one for each request. Not needed where the browser has signed in. */
  token?: string | (() => string | Promise<string>);
  /** Workspace id, for a signed-in person who belongs to several workspaces. A token belongs to one workspace. */
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
