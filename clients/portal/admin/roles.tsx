import { type FormEvent, type ReactNode, useState } from "react";
import { type Role, roles } from "../../../shared/domain/workspace/roles.ts";
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Person } from "../components/person.tsx";
import { Section } from "../components/section.tsx";
import { keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import { type Member, useRoles } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { explainFailure } from "../messages/failures.ts";

const useSetRole = () => {
  const client = useClient();
  const { nameOf } = usePeople();
  return useAction({
    run: ({ userId, role }: Member, options) => client.setRole({ userId }, { role }, options),
    done: ({ userId, role, meta: { isTeamNow, approved, returned } }) =>
      [
        `${nameOf(userId)} is ${role} now.`,
        ...(isTeamNow ? ["Solo mode has ended: it is for one approver."] : []),
        ...(approved.length > 0 ? [`${plural(approved.length, "commit")} became approved by it.`] : []),
        ...(returned.length > 0 ? [`${plural(returned.length, "commit")} went back to review.`] : []),
      ].join(" "),
    affects: [keys.roles, keys.me, keys.actionItems, keys.settings],
  });
};

export const Roles = (): ReactNode => (
  <>
    <Load query={useRoles()} what="the roles">
      {(members) => (
        <Section title="People with a role" count={members.length}>
          <List className="rows" testId="members" items={members} empty="Nobody has a role yet.">
            {(member) => <MemberRow key={member.userId} member={member} />}
          </List>
        </Section>
      )}
    </Load>
    <GiveRole />
  </>
);

const RoleSelect = ({
  id,
  label,
  value,
  onChange,
}: {
  id?: string;
  label?: string;
  value: Role;
  onChange: (role: Role) => void;
}): ReactNode => (
  <select
    id={id}
    aria-label={label}
    value={value}
    onChange={(event) => onChange(roles.find((role) => role === event.target.value) ?? value)}
  >
    {roles.map((role) => (
      <option key={role}>{role}</option>
    ))}
  </select>
);

const MemberRow = ({ member: { userId, role } }: { member: Member }): ReactNode => {
  /** Null: what they have, also once somebody else has changed it. */
  const [draft, setDraft] = useState<Role | null>(null);
  const chosen = draft ?? role;
  const setRole = useSetRole();
  const { nameOf } = usePeople();
  return (
    <li className="row centred field" data-testid={`member-${userId}`}>
      <div className="row-main">
        <Person id={userId} /> <span className="fine">{userId}</span>
      </div>
      <RoleSelect label={`Role of ${nameOf(userId)}`} value={chosen} onChange={setDraft} />
      {chosen !== role && (
        <div className="buttons">
          <Button
            isSmall
            look="primary"
            aria-disabled={setRole.isBusy}
            onClick={() => void setRole.start({ userId, role: chosen }).then(() => setDraft(null))}
          >
            {setRole.isBusy ? "Changing…" : `Make ${chosen}`}
          </Button>
          <Button isSmall onClick={() => setDraft(null)}>
            Keep {role}
          </Button>
        </div>
      )}
    </li>
  );
};

type Found = ReplyOf<"findPeople">["people"];

/** Gives a role to the person who is named; asks which one, where several are called so. */
const useGiveRole = (role: Role) => {
  const client = useClient();
  const { nameOf } = usePeople();
  const setRole = useSetRole();
  const [isLooking, setLooking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [choice, setChoice] = useState<Found>([]);
  const reset = (): void => {
    setError(null);
    setChoice([]);
  };
  const give = async (userId: string): Promise<boolean> => {
    const done = await setRole.start({ userId, role });
    if (done) reset();
    return done !== null;
  };
  const giveTo = async (typed: string): Promise<boolean> => {
    reset();
    if (typed === "") setError("Say who gets the role.");
    if (typed === "" || isLooking) return false;
    if (/^[UW][A-Z0-9]{6,20}$/.test(typed)) return give(typed);
    setLooking(true);
    try {
      const { people, near } = await client.findPeople({ q: typed });
      const [only] = people;
      if (only && people.length === 1) return await give(only.userId);
      setChoice(people.length > 0 ? people : near);
      setError(people.length > 0 ? `Several are called "${typed}".` : `Nobody in Slack is called "${typed}".`);
    } catch (failure) {
      setError(explainFailure(failure, nameOf).text);
    } finally {
      setLooking(false);
    }
    return false;
  };
  return { isBusy: isLooking || setRole.isBusy, error, choice, give, giveTo, reset };
};

const GiveRole = (): ReactNode => {
  const [typed, setTyped] = useState("");
  const [role, setChosen] = useState<Role>("editor");
  const { isBusy, error, choice, give, giveTo, reset } = useGiveRole(role);
  const clearAfter = (given: Promise<boolean>): void => void given.then((done) => done && setTyped(""));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    clearAfter(giveTo(typed.trim()));
  };
  return (
    <Section title="Give somebody a role">
      <p className="fine">Everybody else is a viewer.</p>
      <form className="filters" noValidate onSubmit={submit}>
        <Field label="Person" hint="An e-mail address, a name as in Slack, or a member ID." error={error}>
          {(input) => (
            <input
              {...input}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                reset();
              }}
            />
          )}
        </Field>
        <Field label="Role" hint="Each may do what the roles before it may." error={null}>
          {({ id }) => <RoleSelect id={id} value={role} onChange={setChosen} />}
        </Field>
        <Button type="submit" look="primary" aria-disabled={isBusy}>
          {isBusy ? "Giving…" : "Give the role"}
        </Button>
      </form>
      {choice.length > 0 && (
        <div className="buttons" role="group" aria-label="Whom do you mean?" data-testid="candidates">
          <span className="fine">Whom do you mean?</span>
          {choice.map(({ userId, name }) => (
            <Button key={userId} isSmall aria-disabled={isBusy} onClick={() => clearAfter(give(userId))}>
              {name} <span className="fine">{userId}</span>
            </Button>
          ))}
        </div>
      )}
    </Section>
  );
};
