import type { Channel } from "../../client-protocol.ts";

/** "#portfolio", or the name of the app in its direct messages. */
export const channelTitle = (channel: Channel): string => (channel.is_im ? "CV Ops" : `#${channel.name}`);
