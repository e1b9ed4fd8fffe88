/** A person, as somebody names them: by an address, a name as in Slack, or a member ID. */
import { type ReactNode, useState } from "react";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { usePeople } from "../data/people.ts";
import { explainFailure } from "../messages/failures.ts";

type Found = ReplyOf<"findPeople">["people"];

interface PersonChoice {
  typed: string;
  type: (text: string) => void;
  isLooking: boolean;
  error: string | null;
  /** Where several are called so, or nobody is. */
  candidates: Found;
  /** The id of the person who is meant; null, with an error, where that is not clear. */
  look: () => Promise<string | null>;
  reset: () => void;
}

/** @param missing what is said where nobody was named */
export const usePersonChoice = (missing: string): PersonChoice => {
  const client = useClient();
  const { nameOf } = usePeople();
  const [typed, setTyped] = useState("");
  const [isLooking, setLooking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [candidates, setCandidates] = useState<Found>([]);
  const type = (text: string): void => {
    setTyped(text);
    setError(null);
    setCandidates([]);
  };
  const look = async (): Promise<string | null> => {
    const name = typed.trim();
    if (isLooking) return null;
    if (name === "") setError(missing);
    if (name === "") return null;
    if (/^[UW][A-Z0-9]{6,20}$/.test(name)) return name;
    setLooking(true);
    try {
      const { people, near } = await client.findPeople({ q: name });
      const [only] = people;
      if (only && people.length === 1) return only.userId;
      setCandidates(people.length > 0 ? people : near);
      setError(people.length > 0 ? `Several are called "${name}".` : `Nobody in Slack is called "${name}".`);
    } catch (failure) {
      setError(explainFailure(failure, nameOf).text);
    } finally {
      setLooking(false);
    }
    return null;
  };
  return { typed, type, isLooking, error, candidates, look, reset: () => type("") };
};

export const PersonField = ({ choice: { typed, type, error } }: { choice: PersonChoice }): ReactNode => (
  <Field label="Person" hint="An e-mail address, a name as in Slack, or a member ID." error={error}>
    {(input) => <input {...input} value={typed} onChange={(event) => type(event.target.value)} />}
  </Field>
);

interface CandidatesProps {
  choice: PersonChoice;
  isBusy: boolean;
  choose: (userId: string) => void;
}

export const Candidates = ({ choice: { candidates }, isBusy, choose }: CandidatesProps): ReactNode =>
  candidates.length > 0 && (
    <div className="buttons" role="group" aria-label="Whom do you mean?" data-testid="candidates">
      <span className="fine">Whom do you mean?</span>
      {candidates.map(({ userId, name }) => (
        <Button key={userId} isSmall aria-disabled={isBusy} onClick={() => choose(userId)}>
          {name} <span className="fine">{userId}</span>
        </Button>
      ))}
    </div>
  );
