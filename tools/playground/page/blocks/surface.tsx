/** A surface is what carries blocks and talks to the bot: a message or a modal. */
import type { Block, Confirm, KnownBlock } from "@slack/types";
import { createContext, useCallback, useContext, useMemo, useState } from "react";
import type { Container } from "../../client-protocol.ts";
import type { Offered } from "../session/client.ts";
import { useSession } from "../session/session-context.ts";
import { bareValue, collectValues, type StateValue, type StateValues } from "./state-values.ts";

/** An element's address within its surface. */
export interface ElementAddress {
  blockId: string;
  actionId: string;
}

export interface Surface {
  values: StateValues;
  /** True while the bot has not answered what this element sent. */
  isPending: (address: ElementAddress) => boolean;
  /** Keeps the value without notifying the bot. */
  keep: (address: ElementAddress, value: StateValue) => void;
  /** Keeps the value and notifies the bot, after the confirmation that the element asks for. */
  choose: (address: ElementAddress, value: StateValue, confirm?: Confirm) => Promise<void>;
  /** A press of something that keeps no value: a button, an overflow item. */
  press: (address: ElementAddress, confirm?: Confirm, value?: string) => Promise<void>;
  loadOptions: (address: ElementAddress, query: string) => Promise<Offered>;
}

const SurfaceContext = createContext<Surface | null>(null);
export const SurfaceProvider = SurfaceContext.Provider;

export const useSurface = (): Surface => {
  const surface = useContext(SurfaceContext);
  if (!surface) throw new Error("Blocks stand outside of a surface");
  return surface;
};

const keyOf = ({ blockId, actionId }: ElementAddress): string => `${blockId}\n${actionId}`;

const useTypedValues = (blocks: readonly (KnownBlock | Block)[]): [StateValues, Surface["keep"]] => {
  const [typed, setTyped] = useState<StateValues>({});
  const values = useMemo(() => collectValues(blocks, typed), [blocks, typed]);
  const keep = useCallback(({ blockId, actionId }: ElementAddress, value: StateValue) => {
    setTyped((before) => ({ ...before, [blockId]: { ...before[blockId], [actionId]: value } }));
  }, []);
  return [values, keep];
};

const usePending = (): [
  (address: ElementAddress) => boolean,
  <T>(address: ElementAddress, work: Promise<T>) => Promise<T>,
] => {
  const [counts, setCounts] = useState<Record<string, number>>({});
  const track = useCallback(async <T,>(address: ElementAddress, work: Promise<T>): Promise<T> => {
    const key = keyOf(address);
    const add = (step: number): void => setCounts((before) => ({ ...before, [key]: (before[key] ?? 0) + step }));
    add(1);
    try {
      return await work;
    } finally {
      add(-1);
    }
  }, []);
  return [useCallback((address) => (counts[keyOf(address)] ?? 0) > 0, [counts]), track];
};

/** @param onError what to show when the bot could not be reached or refused; null clears it */
export const useSurfaceOf = (
  container: Container,
  blocks: readonly (KnownBlock | Block)[],
  onError: (error: string | null) => void,
): Surface => {
  const { client, ask } = useSession();
  const [values, keep] = useTypedValues(blocks);
  const [isPending, track] = usePending();
  return useMemo(() => {
    const send = async (address: ElementAddress, value?: string | string[]): Promise<void> => {
      onError(null);
      const delivery = await track(
        address,
        client.act({ container, ...address, ...(value === undefined ? {} : { value }) }),
      );
      if (delivery.error) onError(delivery.error);
    };
    const confirmed = async (confirm: Confirm | undefined): Promise<boolean> =>
      confirm === undefined || (await ask(confirm));
    return {
      values,
      isPending,
      keep,
      choose: async (address, value, confirm) => {
        if (!(await confirmed(confirm))) return;
        keep(address, value);
        await send(address, bareValue(value));
      },
      press: async (address, confirm, value) => {
        if (await confirmed(confirm)) await send(address, value);
      },
      loadOptions: (address, query) => client.options({ container, ...address, value: query }),
    };
  }, [ask, client, container, isPending, keep, onError, track, values]);
};
