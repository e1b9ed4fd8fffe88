import { useId, type ReactNode } from "react";
import { appName, globalShortcuts } from "../app-manifest.ts";
import { Menu } from "../blocks/menu.tsx";
import { Popover, usePopover } from "../blocks/popover.tsx";
import { useSession } from "../session/session-context.ts";

/** The lightning button: what the app can do from anywhere. */
export const ShortcutsMenu = ({ className, children }: { className: string; children: ReactNode }): ReactNode => {
  const { client, report } = useSession();
  const id = useId();
  const popover = usePopover();
  const run = async (callbackId: string): Promise<void> => {
    popover.close();
    const delivery = await client.shortcut({ callbackId });
    if (delivery.error) report(delivery.error);
  };
  return (
    <>
      <button
        type="button"
        ref={popover.anchor}
        popoverTarget={id}
        className={className}
        aria-haspopup="menu"
        aria-expanded={popover.open}
        aria-label="Shortcuts"
        title="Shortcuts"
      >
        {children}
      </button>
      <Popover id={id} state={popover} className="menu">
        <Menu
          label="Shortcuts"
          title={appName}
          items={globalShortcuts.map(({ callbackId, name, description }) => ({
            key: callbackId,
            content: name,
            description,
            onPick: () => void run(callbackId),
          }))}
        />
      </Popover>
    </>
  );
};
