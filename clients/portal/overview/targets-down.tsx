import type { ReactNode } from "react";
import { useActionItems } from "../data/queries.ts";
import { Icon } from "../components/icon.tsx";
import { allOf } from "../messages/format.ts";

export const TargetsDown = (): ReactNode => {
  const down = useActionItems().data?.down ?? [];
  if (down.length === 0) return null;
  return (
    <p className="notice wait">
      <Icon name="alert" /> {allOf(down.map(({ target }) => target))} {down.length === 1 ? "does" : "do"} not answer.
      Pushes wait and continue automatically.
    </p>
  );
};
