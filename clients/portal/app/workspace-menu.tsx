import type { ReactNode } from "react";
import { type Workspace, useMe, useWorkspaces } from "../data/queries.ts";
import { openWorkspace } from "../live/sign-in.ts";
import { Menu } from "../components/menu.tsx";

/** The choice of workspace, for people who belong to several. */
export const WorkspaceMenu = (): ReactNode => {
  const me = useMe().data;
  const workspaces = useWorkspaces().data ?? [];
  if (!me || workspaces.length < 2) return null;
  const here = workspaces.find(({ id }) => id === me.workspaceId);
  const text = here ? labelOf(here, workspaces) : me.workspaceId;
  return (
    <div className="workspace">
      <Menu
        label={`Workspace: ${text}. Change`}
        text={text}
        items={workspaces.map((workspace) => ({
          label: labelOf(workspace, workspaces),
          note: workspace.id === me.workspaceId ? "You are here." : null,
          isDangerous: false,
          choose: () => openWorkspace(workspace.id),
        }))}
      />
    </div>
  );
};

/** Names of workspaces are not unique. */
const labelOf = ({ id, name }: Workspace, all: readonly Workspace[]): string => {
  if (name === null) return id;
  return all.some((other) => other.id !== id && other.name === name) ? `${name} (${id})` : name;
};
