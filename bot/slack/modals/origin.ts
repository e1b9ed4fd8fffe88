/** The channel from which a chain of modals began travels with them: a commit made in the last one belongs there. */
import type { ModalView } from "@slack/types";
import { channelOf } from "../request.ts";

/** Slack takes this many characters of private metadata. */
const most = 3000;

const parsed = (metadata: string | undefined): Record<string, unknown> => {
  if (!metadata) return {};
  try {
    const value: unknown = JSON.parse(metadata);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/** The channel that a view carries, or null. */
export const originOf = (metadata: string | undefined): string | null => {
  const { from } = parsed(metadata);
  return typeof from === "string" ? channelOf(from) : null;
};

export const withOrigin = (view: ModalView, channelId: string | null): ModalView => {
  if (channelId === null) return view;
  const metadata = JSON.stringify({ ...parsed(view.private_metadata), from: channelId });
  return metadata.length > most ? view : { ...view, private_metadata: metadata };
};
