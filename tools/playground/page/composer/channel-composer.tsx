import { useCallback, type ReactNode } from "react";
import type { Channel } from "../../client-protocol.ts";
import { useSession } from "../session/session-context.ts";
import { channelTitle } from "../shell/channel-title.ts";
import { Composer } from "./composer.tsx";

/** Sends what is typed to a channel: commands to the app, the rest as messages. */
export const ChannelComposer = ({
  channel,
  given,
  onTaken,
}: {
  channel: Channel;
  given: { text: string } | null;
  onTaken?: () => void;
}): ReactNode => {
  const { client, addNote } = useSession();
  const onSend = useCallback(
    async (text: string): Promise<boolean> => {
      const delivery = text.startsWith("/")
        ? await client.command({ channel: channel.id, text })
        : await client.message({ channel: channel.id, text });
      if (delivery.error) addNote({ channel: channel.id, thread_ts: null, text: delivery.error });
      return delivery.ok || delivery.error === null;
    },
    [client, channel.id, addNote],
  );
  return (
    <Composer
      label={`Message ${channelTitle(channel)}`}
      testId="composer"
      given={given}
      {...(onTaken ? { onTaken } : {})}
      autoFocus={matchMedia("(pointer: fine)").matches}
      onSend={onSend}
    />
  );
};
