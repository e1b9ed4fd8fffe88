import type { CastMember } from "../cast.ts";
import type { ActionInput, ClientEvent, ClientState, CommandInput, Delivery, Message } from "../client-protocol.ts";
import { buttonsOf } from "./render-message.ts";
import type { Transcript } from "./transcript.ts";

/** Somebody at a keyboard: types, presses, and sees what their own Slack shows them. */
export interface Person {
  id: string;
  name: string;
  /** What they see, oldest first, deleted messages left out. */
  messages: () => Message[];
  /** Types a line. Rejects when Slack would show an error. */
  type: (text: string) => Promise<void>;
  /** Presses the newest button with this label that they see. */
  press: (label: string) => Promise<void>;
  /** The first answer that `find` gives, asked again whenever something that they see changes. */
  sees: <T>(what: string, find: () => T | undefined) => Promise<T>;
  leave: () => void;
}

export interface Place {
  url: string;
  channel: string;
  transcript: Transcript;
  /** Ends all waiting. */
  deadline: AbortSignal;
}

export const joinAs = async (place: Place, { id, name }: Pick<CastMember, "id" | "name">): Promise<Person> => {
  const { url, channel, transcript, deadline } = place;
  const state = await getState(url, id, deadline);
  const messages = new Map(state.messages.map((message) => [keyOf(message), message]));
  const changed = new EventTarget();

  const socket = new WebSocket(
    `${url.replace("http", "ws")}/playground/client/socket?as=${id}&after=${state.sequence}`,
  );
  socket.addEventListener("message", ({ data }) => {
    const event: ClientEvent = JSON.parse(String(data));
    if (event.type === "message" || event.type === "message_changed") {
      const before = messages.get(keyOf(event.message));
      messages.set(keyOf(event.message), event.message);
      transcript.saw(event.sequence, name, event.message, before);
    }
    if (event.type === "message_deleted") messages.delete(keyOf(event));
    changed.dispatchEvent(new Event("change"));
  });
  await opened(socket, deadline);

  const deliver = async (
    path: "command" | "action",
    input: CommandInput | ActionInput,
    shown: string,
  ): Promise<void> => {
    const entry = transcript.did(name, shown);
    const delivery: Delivery = await post(url, path, input, deadline);
    entry.ackMs = delivery.ackMs;
    if (!delivery.ok) throw new Error(`${name}'s "${shown}" failed: ${delivery.error ?? `status ${delivery.status}`}`);
  };

  return {
    id,
    name,
    messages: () => [...messages.values()].filter((message) => !message.deleted),
    type: (text) => deliver("command", { as: id, channel, text }, text),
    press: async (label) => {
      const found = [...messages.values()]
        .toReversed()
        .flatMap((message) => buttonsOf(message).map((button) => ({ message, ...button })))
        .find((button) => button.label === label);
      if (!found) throw new Error(`${name} sees no button "${label}"`);
      const { message, blockId, actionId } = found;
      const container = { type: "message", channel: message.channel, ts: message.ts } as const;
      await deliver("action", { as: id, container, blockId, actionId }, `[ ${label} ]`);
    },
    sees: (what, find) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = find();
          if (found === undefined) return;
          stop();
          resolve(found);
        };
        const giveUp = () => {
          stop();
          reject(new Error(`${name} never saw ${what}`));
        };
        const stop = () => {
          changed.removeEventListener("change", look);
          deadline.removeEventListener("abort", giveUp);
        };
        changed.addEventListener("change", look);
        deadline.addEventListener("abort", giveUp);
        if (deadline.aborted) giveUp();
        else look();
      }),
    leave: () => socket.close(),
  };
};

const keyOf = ({ channel, ts }: { channel: string; ts: string }): string => `${channel} ${ts}`;

const getState = async (url: string, id: string, signal: AbortSignal): Promise<ClientState> => {
  const response = await fetch(`${url}/playground/client/state?as=${id}`, { signal });
  if (!response.ok) throw new Error(`The playground has no state for ${id}: ${response.status}`);
  const state: ClientState = JSON.parse(await response.text());
  return state;
};

const post = async (url: string, path: string, input: object, signal: AbortSignal): Promise<Delivery> => {
  const response = await fetch(`${url}/playground/client/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
    signal,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The playground refused a ${path}: ${response.status} ${text.slice(0, 300)}`);
  const delivery: Delivery = JSON.parse(text);
  return delivery;
};

const opened = (socket: WebSocket, deadline: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error("The playground's WebSocket could not be opened")), {
      once: true,
    });
    deadline.addEventListener("abort", () => reject(new Error("The playground's WebSocket did not open")), {
      once: true,
    });
  });
