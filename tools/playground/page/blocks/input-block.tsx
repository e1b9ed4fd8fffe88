import type { InputBlock } from "@slack/types";
import { useId, type ReactNode } from "react";
import { Plain } from "../text/text-view.tsx";
import { ElementView } from "./element-view.tsx";
import { actionIdOf } from "./state-values.ts";

export const InputBlockView = ({
  block,
  blockId,
  error,
}: {
  block: InputBlock;
  blockId: string;
  error: string | undefined;
}): ReactNode => {
  const id = useId();
  return (
    <div className={error ? "input-block invalid" : "input-block"}>
      <div className="input-label">
        <Plain text={block.label.text} />
        {block.optional && <span className="optional"> (optional)</span>}
      </div>
      <ElementView
        element={block.element}
        address={{ blockId, actionId: actionIdOf(block.element, 0) }}
        dispatches={block.dispatch_action ?? false}
        label={block.label.text}
        invalid={error !== undefined}
        describedBy={id}
      />
      <div id={id} className="input-notes">
        {error && (
          <div className="input-error" role="alert">
            ⚠ {error}
          </div>
        )}
        {block.hint && (
          <div className="input-hint">
            <Plain text={block.hint.text} />
          </div>
        )}
      </div>
    </div>
  );
};
