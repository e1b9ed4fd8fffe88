import type { ReactNode } from "react";
import { appName, globalShortcuts } from "../app-manifest.ts";
import { MenuButton } from "../blocks/menu.tsx";
import { useSession } from "../session/session-context.ts";

/** The lightning button: what the app can do from anywhere. */
export const ShortcutsMenu = ({ className, children }: { className: string; children: ReactNode }): ReactNode => {
  const { client, report } = useSession();
  const run = async (callbackId: string): Promise<void> => {
    const delivery = await client.shortcut({ callbackId });
    if (delivery.error) report(delivery.error);
  };
  return (
    <MenuButton
      className={className}
      label="Shortcuts"
      title={appName}
      items={globalShortcuts.map(({ callbackId, name, description }) => ({
        key: callbackId,
        content: name,
        description,
        onPick: () => void run(callbackId),
      }))}
    >
      {children}
    </MenuButton>
  );
};
