/** The client of the API: a method for each operation, and live events. */
import type { Connection } from "./connection.ts";
import { type FollowPushOptions, type PushStep, followPush } from "./follow-push.ts";
import { Follow, type FollowOptions } from "./follow/follow.ts";
import { type Followed, subjectsOf } from "./follow/followed.ts";
import { type Methods, methodsOf } from "./methods.ts";
import { type Surroundings, ownSurroundings } from "./surroundings.ts";

export interface ClientOptions extends Omit<Connection, "surroundings">, Partial<Surroundings> {}

/** Calls throw ApiProblem, Unreachable or BadAnswer, or the abort reason of their signal. */
export interface Client extends Methods {
  /** Events in order, each once: `for await (const event of client.follow({ commit: 42 })) …` */
  follow: (followed: Followed, options?: FollowOptions) => Follow;
  followPush: (number: number, options?: FollowPushOptions) => AsyncGenerator<PushStep, void, undefined>;
}

export const createClient = ({ baseUrl, token, workspace, ...given }: ClientOptions): Client => {
  const connection: Connection = {
    baseUrl,
    ...(token !== undefined && { token }),
    ...(workspace !== undefined && { workspace }),
    surroundings: { ...ownSurroundings(), ...given },
  };
  const methods = methodsOf(connection);
  const follow: Client["follow"] = (followed, options = {}) => new Follow(connection, subjectsOf(followed), options);
  return {
    ...methods,
    follow,
    followPush: (number, options) => followPush({ showPush: methods.showPush, follow }, number, options),
  };
};
