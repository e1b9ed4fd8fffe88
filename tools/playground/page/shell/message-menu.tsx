import { useId, type ReactNode } from "react";
import type { Message } from "../../client-protocol.ts";
import { appName, messageShortcuts } from "../app-manifest.ts";
import { Menu } from "../blocks/menu.tsx";
import { Popover, usePopover } from "../blocks/popover.tsx";
import { useSession } from "../session/session-context.ts";

const permalinkOf = ({ channel, ts, thread_ts: threadTs }: Message): string =>
  `${location.origin}/archives/${channel}/p${ts.replace(".", "")}${threadTs && threadTs !== ts ? `?thread_ts=${threadTs}` : ""}`;

/** "More actions" on a message: the app's shortcuts, and a link to it. */
export const MessageMenu = ({ message }: { message: Message }): ReactNode => {
  const { client, report } = useSession();
  const id = useId();
  const popover = usePopover();
  const run = async (callbackId: string): Promise<void> => {
    popover.close();
    const delivery = await client.messageShortcut({ callbackId, channel: message.channel, ts: message.ts });
    if (delivery.error) report(delivery.error);
  };
  const copyLink = (): void => {
    popover.close();
    navigator.clipboard
      .writeText(permalinkOf(message))
      .catch(() => report("The browser did not let the link be copied."));
  };
  return (
    <>
      <button
        type="button"
        ref={popover.anchor}
        popoverTarget={id}
        className="icon-button"
        aria-haspopup="menu"
        aria-expanded={popover.open}
        aria-label="More actions"
        title="More actions"
      >
        ⋮
      </button>
      <Popover id={id} state={popover} className="menu">
        <Menu
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
        />
      </Popover>
    </>
  );
};
