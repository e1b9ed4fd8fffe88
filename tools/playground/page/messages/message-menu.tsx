import type { ReactNode } from "react";
import type { Message } from "../../client-protocol.ts";
import { appName, messageShortcuts } from "../app-manifest.ts";
import { MenuButton } from "../blocks/menu.tsx";
import { useSession } from "../session/session-context.ts";

const permalinkOf = ({ channel, ts, thread_ts: threadTs }: Message): string =>
  `${location.origin}/archives/${channel}/p${ts.replace(".", "")}${threadTs && threadTs !== ts ? `?thread_ts=${threadTs}` : ""}`;

/** "More actions" on a message: the app's shortcuts, and a link to it. */
export const MessageMenu = ({ message }: { message: Message }): ReactNode => {
  const { client, report } = useSession();
  const run = async (callbackId: string): Promise<void> => {
    const delivery = await client.messageShortcut({ callbackId, channel: message.channel, ts: message.ts });
    if (delivery.error) report(delivery.error);
  };
  const copyLink = (): void => {
    navigator.clipboard
      .writeText(permalinkOf(message))
      .catch(() => report("The browser did not let the link be copied."));
  };
  return (
    <MenuButton
      className="icon-button"
      label="More actions"
      items={[
        ...messageShortcuts.map(({ callbackId, name }) => ({
          key: callbackId,
          content: name,
          description: appName,
          onPick: () => void run(callbackId),
        })),
        { key: "copy-link", content: "Copy link", onPick: copyLink },
      ]}
    >
      ⋮
    </MenuButton>
  );
};
