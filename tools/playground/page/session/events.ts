import type { ClientEvent, ClientState, Message, OpenView } from "../../client-protocol.ts";

const byTs = (one: Message, other: Message): number =>
  Number(one.ts) - Number(other.ts) || one.ts.localeCompare(other.ts);

const withMessage = (messages: Message[], message: Message): Message[] => {
  const index = messages.findIndex((each) => each.channel === message.channel && each.ts === message.ts);
  if (index !== -1) return messages.with(index, message);
  const last = messages.at(-1);
  const all = [...messages, message];
  return last && byTs(last, message) > 0 ? all.toSorted(byTs) : all;
};

const withView = (views: OpenView[], view: OpenView): OpenView[] => {
  const index = views.findIndex((each) => each.id === view.id);
  return index === -1 ? [...views, view] : views.with(index, view);
};

/** The state after an event. Events that the state already includes, and those meant for others, change nothing. */
export const applyEvent = (state: ClientState, event: ClientEvent): ClientState => {
  if (event.sequence <= state.sequence) return state;
  const next = { ...state, sequence: event.sequence };
  switch (event.type) {
    case "message":
    case "message_changed": {
      const reader = event.message.ephemeral_for;
      return reader !== null && reader !== state.me.id
        ? next
        : { ...next, messages: withMessage(state.messages, event.message) };
    }
    case "message_deleted":
      return {
        ...next,
        messages: state.messages.filter((each) => each.channel !== event.channel || each.ts !== event.ts),
      };
    case "view_opened":
    case "view_updated":
      return event.view.user === state.me.id ? { ...next, views: withView(state.views, event.view) } : next;
    case "view_closed":
      return { ...next, views: state.views.filter((each) => each.id !== event.viewId) };
    case "home_published":
      return event.view.user === state.me.id ? { ...next, home: event.view } : next;
    case "faults_changed":
      return { ...next, faults: event.faults };
    case "person_changed": {
      const { person } = event;
      return { ...next, people: state.people.map((each) => (each.id === person.id ? person : each)) };
    }
    default:
      return next;
  }
};
