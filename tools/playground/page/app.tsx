import type { Confirm } from "@slack/types";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { createClient, type Client } from "./session/client.ts";
import { useLive } from "./session/live.ts";
import { usePlace, type Go, type Place } from "./session/place.ts";
import { ToolsContext, useToolsState } from "./session/tools.ts";
import { SessionContext, type LocalNote, type Session } from "./session/session-context.ts";
import { useDismissed } from "./session/dismissed.ts";
import { ConfirmDialog } from "./shell/confirm-dialog.tsx";
import { ModalStack } from "./shell/modal.tsx";
import { Workspace } from "./shell/workspace.tsx";
import type { DateReader } from "./text/dates.ts";
import { DirectoryContext, type Directory } from "./text/directory.ts";

interface Question {
  confirm: Confirm;
  answer: (yes: boolean) => void;
}

const hour12 = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hour12 ?? false;
const browserZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

const useQuestions = (): [Question | null, (confirm: Confirm) => Promise<boolean>] => {
  const [question, setQuestion] = useState<Question | null>(null);
  const ask = useCallback(
    (confirm: Confirm) =>
      new Promise<boolean>((resolve) => {
        setQuestion({
          confirm,
          answer: (yes) => {
            setQuestion(null);
            resolve(yes);
          },
        });
      }),
    [],
  );
  return [question, ask];
};

const useNotes = (resets: number): [LocalNote[], Session["addNote"]] => {
  const [notes, setNotes] = useState<LocalNote[]>([]);
  useEffect(() => setNotes([]), [resets]);
  const addNote = useCallback<Session["addNote"]>((note) => {
    setNotes((before) => [...before, { ...note, id: crypto.randomUUID(), atMs: Date.now() }]);
  }, []);
  return [notes, addNote];
};

const useDirectoryOf = (state: Session["state"] | null): Directory =>
  useMemo(() => {
    const people = new Map(state?.people.map((person) => [person.id, person.real_name]));
    const channels = new Map(state?.channels.map((channel) => [channel.id, channel.name]));
    return {
      personName: (id) => people.get(id) ?? null,
      channelName: (id) => channels.get(id) ?? null,
      readerId: state?.me.id ?? "",
      reader: (): DateReader => ({ zone: browserZone, nowMs: Date.now(), hour12 }),
      origin: location.origin,
    };
  }, [state?.people, state?.channels, state?.me.id]);

/** How long a failure stands on the page when nobody puts it away. */
const troubleShownMs = 12_000;

const useTrouble = (): [string | null, Session["report"], () => void] => {
  const [trouble, setTrouble] = useState<{ text: string } | null>(null);
  const report = useCallback<Session["report"]>((text) => setTrouble({ text }), []);
  const seen = useCallback(() => setTrouble(null), []);
  useEffect(() => {
    if (!trouble) return;
    const timer = setTimeout(seen, troubleShownMs);
    return () => clearTimeout(timer);
  }, [trouble, seen]);
  return [trouble?.text ?? null, report, seen];
};

/** Everything one person sees. Another person gets a new one, with nothing left of the one before. */
const PersonalSession = ({ client, place, go }: { client: Client; place: Place; go: Go }): ReactNode => {
  const { state, failure, connected, resets } = useLive(client);
  const [question, ask] = useQuestions();
  const [notes, addNote] = useNotes(resets);
  const [dismissed, dismiss] = useDismissed();
  const [trouble, report, troubleSeen] = useTrouble();
  const directory = useDirectoryOf(state);
  const session = useMemo<Session | null>(
    () => state && { state, client, notes, addNote, dismissed, dismiss, report, ask },
    [state, client, notes, addNote, dismissed, dismiss, report, ask],
  );
  if (!session) {
    return (
      <div className="splash" role="status">
        <div className="spinner" aria-hidden="true" />
        {failure ? <p>{failure.message} Trying again…</p> : <p>Opening the workspace…</p>}
      </div>
    );
  }
  return (
    <SessionContext value={session}>
      <DirectoryContext value={directory}>
        <Workspace place={place} go={go} connected={connected} trouble={trouble} onTroubleSeen={troubleSeen} />
        <ModalStack views={session.state.views} />
        {question && <ConfirmDialog confirm={question.confirm} onAnswer={question.answer} />}
      </DirectoryContext>
    </SessionContext>
  );
};

export const App = (): ReactNode => {
  const [place, go] = usePlace();
  const client = useMemo(() => createClient(place.as), [place.as]);
  const tools = useToolsState();
  return (
    <ToolsContext value={tools}>
      <PersonalSession key={place.as} client={client} place={place} go={go} />
    </ToolsContext>
  );
};
