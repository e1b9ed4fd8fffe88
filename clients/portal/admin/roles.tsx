import { type ReactNode, useState } from "react";
import { type Role, roles } from "../../../shared/domain/workspace/roles.ts";
import { plural } from "../../../shared/messages/en/grammar.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { Form } from "../components/form.tsx";
import { List } from "../components/list.tsx";
import { Load } from "../components/load.tsx";
import { Person } from "../components/person.tsx";
import { Section } from "../components/section.tsx";
import { keys } from "../data/keys.ts";
import { usePeople } from "../data/people.ts";
import { type Member, useRoles } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { Candidates, PersonField, usePersonChoice } from "./person-choice.tsx";

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

const GiveRole = (): ReactNode => {
  const choice = usePersonChoice("Say who gets the role.");
  const [role, setRole] = useState<Role>("editor");
  const giving = useSetRole();
  const isBusy = choice.isLooking || giving.isBusy;
  const give = async (userId: string | null): Promise<void> => {
    if (userId !== null && (await giving.start({ userId, role }))) choice.reset();
  };
  return (
    <Section title="Give somebody a role">
      <p className="fine">Everybody else is a viewer.</p>
      <Form className="filters" onSubmit={() => void choice.look().then(give)}>
        <PersonField choice={choice} />
        <Field label="Role" hint="Each may do what the roles before it may." error={null}>
          {({ id }) => <RoleSelect id={id} value={role} onChange={setRole} />}
        </Field>
        <Button type="submit" look="primary" aria-disabled={isBusy}>
          {isBusy ? "Giving…" : "Give the role"}
        </Button>
      </Form>
      <Candidates choice={choice} isBusy={isBusy} choose={(userId) => void give(userId)} />
    </Section>
  );
};
