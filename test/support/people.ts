/** Everybody who takes part in a test: the people of the local workspace, and a second approver and author. */
import { type CastMember, cast as local } from "../../tools/playground/cast.ts";

const { avery, carla, priya, viktor } = local;

export const cast = {
  carla,
  priya,
  paul: { id: "U0PAUL001", name: "Paul", realName: "Paul Okafor", role: "approver" },
  avery,
  blake: { id: "U0BLAKE01", name: "Blake", realName: "Blake Sorensen", role: "editor" },
  viktor,
} as const satisfies Record<string, CastMember>;

/** Slack's ids, by what the person does in a test. */
export const people = {
  admin: cast.carla.id,
  approver: cast.priya.id,
  otherApprover: cast.paul.id,
  author: cast.avery.id,
  otherAuthor: cast.blake.id,
  viewer: cast.viktor.id,
} as const;
export type Part = keyof typeof people;
