import { useCallback, useState, type ReactNode } from "react";
import type { OpenView } from "../../client-protocol.ts";
import { BlockList } from "../blocks/block-list.tsx";
import type { StateValues } from "../blocks/state-values.ts";
import { SurfaceProvider, useSurfaceOf, type Surface } from "../blocks/surface.tsx";
import { validate } from "../blocks/validation.ts";
import { useSession } from "../session/session-context.ts";
import { Dialog } from "./dialog.tsx";

/** Errors by block id, without the blocks whose value has changed since they were reported. */
const currentErrors = (
  reported: Record<string, string>,
  sent: StateValues | null,
  values: StateValues,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(reported).filter(
      ([blockId]) =>
        sent === null ||
        sent[blockId] === undefined ||
        JSON.stringify(sent[blockId]) === JSON.stringify(values[blockId]),
    ),
  );

const useSubmission = (open: OpenView, surface: Surface, onError: (error: string | null) => void) => {
  const { client } = useSession();
  const [sending, setSending] = useState(false);
  const [sent, setSent] = useState<StateValues | null>(null);
  const [invalid, setInvalid] = useState<Record<string, string>>({});
  const submit = async (): Promise<void> => {
    const problems = validate(open.view.blocks, surface.values);
    setInvalid(problems);
    setSent(surface.values);
    if (Object.keys(problems).length > 0) return;
    onError(null);
    setSending(true);
    const delivery = await client.submitView({ viewId: open.id, values: surface.values });
    setSending(false);
    onError(delivery.error);
  };
  const errors = currentErrors({ ...open.errors, ...invalid }, sent, surface.values);
  return { sending, submit, errors };
};

const Modal = ({ open }: { open: OpenView }): ReactNode => {
  const { client } = useSession();
  const [error, setError] = useState<string | null>(null);
  const surface = useSurfaceOf({ type: "view", viewId: open.id }, open.view.blocks, setError);
  const { sending, submit, errors } = useSubmission(open, surface, setError);
  const close = useCallback(() => {
    void client.closeView({ viewId: open.id }).then((delivery) => setError(delivery.error));
  }, [client, open.id]);
  if (open.view.type !== "modal") return null;
  const { title, submit: submitText, close: closeText } = open.view;
  return (
    <Dialog label={title.text} className="modal" testId="modal" onClose={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header className="dialog-header">
          <h2 className="dialog-title">{title.text}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={close}>
            ✕
          </button>
        </header>
        <div className="dialog-body">
          {error && (
            <div className="alert error" role="alert">
              <span aria-hidden="true">⚠</span> {error}
            </div>
          )}
          <SurfaceProvider value={surface}>
            <BlockList blocks={open.view.blocks} errors={errors} />
          </SurfaceProvider>
        </div>
        <footer className="dialog-footer">
          <button type="button" className="button" onClick={close}>
            {closeText?.text ?? (submitText ? "Cancel" : "Close")}
          </button>
          {submitText && (
            <button
              type="submit"
              className={sending ? "button primary pending" : "button primary"}
              aria-busy={sending}
              data-testid="modal-submit"
            >
              {submitText.text}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
};

/** Pushed views lie above the ones they came from, which keep what was typed. */
export const ModalStack = ({ views }: { views: OpenView[] }): ReactNode =>
  views.filter((open) => open.view.type === "modal").map((open) => <Modal key={open.id} open={open} />);
