import { useState } from "react";
import { useLocation } from "wouter";
import { type ActionOptions, useAction } from "../data/use-action.ts";
import { type Refused, nothingRefused, refusedFields } from "./refused-fields.ts";

export interface ChangeFormState<Input> {
  isBusy: boolean;
  refused: Refused;
  refuse: (refused: Refused) => void;
  send: (input: Input) => Promise<void>;
  /** Discards the draft and opens the overview. */
  leave: () => void;
}

/** Sends a form about a row. Refusals are shown at its fields; after a success the overview opens. */
export const useChangeForm = <Input, Reply>(
  options: ActionOptions<Input, Reply>,
  discardDraft: () => void,
): ChangeFormState<Input> => {
  const [, navigate] = useLocation();
  const [refused, refuse] = useState<Refused>(nothingRefused);
  const { isBusy, start } = useAction({
    ...options,
    onRefused: (problem) => {
      const atFields = refusedFields(problem);
      if (atFields) refuse(atFields);
      return atFields !== null;
    },
  });
  const leave = (): void => {
    discardDraft();
    navigate("/");
  };
  const send = async (input: Input): Promise<void> => {
    refuse(nothingRefused);
    if (await start(input)) leave();
  };
  return { isBusy, refused, refuse, send, leave };
};
