import { type FormEvent, type ReactNode, useState } from "react";
import { type Role, roles } from "../../../shared/domain/workspace/roles.ts";
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
  const [chosen, setChosen] = useState<Role>(role);
  const setRole = useSetRole();
  const { nameOf } = usePeople();
  return (
    <li className="row centred field" data-testid={`member-${userId}`}>
      <div className="row-main">
        <Person id={userId} /> <span className="fine">{userId}</span>
      </div>
      <RoleSelect label={`Role of ${nameOf(userId)}`} value={chosen} onChange={setChosen} />
      {chosen !== role && (
        <div className="buttons">
          <Button
            isSmall
            look="primary"
            aria-disabled={setRole.isBusy}
            onClick={() => void setRole.start({ userId, role: chosen }).then((done) => done ?? setChosen(role))}
          >
            {setRole.isBusy ? "Changing…" : `Make ${chosen}`}
          </Button>
          <Button isSmall onClick={() => setChosen(role)}>
            Keep {role}
          </Button>
        </div>
      )}
    </li>
  );
};

const GiveRole = (): ReactNode => {
  const [userId, setUserId] = useState("");
  const [role, setChosen] = useState<Role>("editor");
  const [error, setError] = useState<string | null>(null);
  const setRole = useSetRole();
  const give = (event: FormEvent): void => {
    event.preventDefault();
    const id = userId.trim().toUpperCase();
    if (!/^[UW][A-Z0-9]{2,20}$/.test(id)) {
      setError("A member ID begins with U or W, such as U0PRIYA01.");
      return;
    }
    void setRole.start({ userId: id, role }).then((done) => done && setUserId(""));
  };
  return (
    <Section title="Give somebody a role">
      <p className="fine">Everybody else is a viewer.</p>
      <form className="filters" noValidate onSubmit={give}>
        <Field label="Slack member ID" hint="In Slack: their profile, ⋮, Copy member ID." error={error}>
          {(input) => (
            <input
              {...input}
              value={userId}
              onChange={(event) => {
                setUserId(event.target.value);
                setError(null);
              }}
            />
          )}
        </Field>
        <Field label="Role" hint="Each may do what the roles before it may." error={null}>
          {({ id }) => <RoleSelect id={id} value={role} onChange={setChosen} />}
        </Field>
        <Button type="submit" look="primary" aria-disabled={setRole.isBusy}>
          {setRole.isBusy ? "Giving…" : "Give the role"}
        </Button>
      </form>
    </Section>
  );
};
