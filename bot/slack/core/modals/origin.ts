/** The channel from which a chain of modals began travels with them: a commit made in the last one belongs there. */
import { jsonObjectIn } from "../../../../shared/json.ts";
import type { ModalView } from "@slack/types";
import { channelOf } from "../conversation.ts";

/** Slack takes this many characters of private metadata. */
const max = 3000;

const parsed = (metadata: string | undefined): Record<string, unknown> => jsonObjectIn(metadata ?? "") ?? {};

export const originOf = (metadata: string | undefined): string | null => {
  const { from } = parsed(metadata);
  return typeof from === "string" ? channelOf(from) : null;
};

export const withOrigin = (view: ModalView, channelId: string | null): ModalView =>
  channelId === null ? view : carrying(view, { from: channelId });

/** The key of an earlier submission of the form whose effect is unknown; null when there is none. */
export const triedKeyOf = (metadata: string | undefined): string | null => {
  const { tried } = parsed(metadata);
  return typeof tried === "string" ? tried : null;
};

/** Shown again it has another hash: with the key of the first submission, the second one finds what that has done. */
export const withTriedKey = <View extends { private_metadata?: string }>(view: View, key: string): View =>
  carrying(view, { tried: key });

const carrying = <View extends { private_metadata?: string }>(view: View, more: Record<string, string>): View => {
  const metadata = JSON.stringify({ ...parsed(view.private_metadata), ...more });
  return metadata.length > max ? view : { ...view, private_metadata: metadata };
};
