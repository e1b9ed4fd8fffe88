import type { ReactNode } from "react";
import type { Move } from "../../../shared/domain/pushes/target-moves.ts";
import { useClient } from "../app/session-context.ts";
import { Button } from "../components/button.tsx";
import { Pill, type Tone } from "../components/state.tsx";
import { keys } from "../data/keys.ts";
import type { Target } from "../data/queries.ts";
import { useAction } from "../data/use-action.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { ReconcileButton } from "./reconcile-button.tsx";

interface RowProps {
  target: Target;
  /** From 0, in the order of a push. */
  place: number;
  count: number;
  rotate: () => void;
}

const health: Record<Target["health"], { text: string; tone: Tone; note: string | null }> = {
  closed: { text: "Answers", tone: "good", note: null },
  open: { text: "Does not answer", tone: "bad", note: "Pushes to it wait, and continue once it answers." },
  half_open: { text: "Being tried", tone: "wait", note: "It did not answer. One push tries it, and the others wait." },
};

const useTargetActions = (target: string) => {
  const client = useClient();
  const affects = [keys.targets, keys.me, keys.actionItems];
  const test = useAction({
    run: (_: void, options) => client.testTarget({ target }, options),
    done: () => `${target} answers, and takes the read token and our signature. Nothing was changed.`,
    affects: [keys.targets],
  });
  const move = useAction({
    run: (to: Move, options) => client.moveTarget({ target }, { to }, options),
    done: ({ order }) => `Pushes go to ${order.join(", then ")} from now on.`,
    affects,
  });
  const remove = useAction({
    run: (_: void, options) => client.removeTarget({ target }, options),
    done: () => `${target} is removed, with its secrets. What was pushed there stays in the history.`,
    affects,
  });
  return { test, move, remove };
};

export const TargetRow = ({ target, place, count, rotate }: RowProps): ReactNode => {
  const { name, alias, portfolioId, url } = target;
  const { text, tone, note } = health[target.health];
  const { test, move, remove } = useTargetActions(name);
  const moveButton = (to: Move, isAtEnd: boolean): ReactNode => (
    <Button
      isSmall
      aria-label={`Move ${to}: ${name}`}
      aria-disabled={move.isBusy || isAtEnd}
      onClick={() => void move.start(to)}
    >
      Move {to}
    </Button>
  );
  return (
    <li className="row stacked" data-testid={`target-${name}`}>
      <div className="row-main">
        <h3>
          <span className="number">{place + 1}</span> {name} {alias !== null && <span className="fine">{alias}</span>}
        </h3>
        <p className="fine">
          Portfolio {portfolioId} · {url ?? "a service of the operator’s"}
        </p>
        {note !== null && <p className="fine">{note}</p>}
        <div className="buttons">
          <Pill text={text} tone={tone} />
          <Button isSmall aria-label={`Test ${name}`} aria-disabled={test.isBusy} onClick={() => void test.start()}>
            {test.isBusy ? "Testing…" : "Test"}
          </Button>
          <Button isSmall aria-label={`Rotate secrets of ${name}`} onClick={rotate}>
            Rotate secrets…
          </Button>
          {moveButton("earlier", place === 0)}
          {moveButton("later", place === count - 1)}
          <ReconcileButton target={name} />
          <ConfirmButton
            label="Remove"
            about={`target ${name}`}
            question={`Remove ${name}?`}
            text="Pushes go there no more, and its secrets are deleted. What was pushed stays in the history."
            isBusy={remove.isBusy}
            act={() => remove.start()}
          />
        </div>
      </div>
    </li>
  );
};
