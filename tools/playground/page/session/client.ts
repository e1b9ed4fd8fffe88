/** The page's calls to the local Slack, each on behalf of one person. */
import type { Option, OptionGroup } from "@slack/types";
import type {
  AccountInput,
  ActionInput,
  ClientState,
  CommandInput,
  Delivery,
  FaultInput,
  Faults,
  HomeInput,
  MessageInput,
  MessageShortcutInput,
  OptionsInput,
  PortfolioRows,
  SearchHits,
  ShortcutInput,
  ViewCloseInput,
  ViewSubmissionInput,
} from "../../client-protocol.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";

const base = "/playground/client/";

export interface CallFailure {
  code: "unreachable" | "refused";
  message: string;
}

type Call<T> = Promise<Result<T, CallFailure>>;

/** The input without `as`, which the client adds. */
type Mine<T> = Omit<T, "as">;

/** An option of an external select, under the label of its group where it has one. */
export interface OfferedOption {
  option: Option;
  group?: string;
}

export interface Offered {
  options: OfferedOption[];
  /** What Slack shows when the app did not answer with options. */
  error: string | null;
}

export interface Client {
  state: () => Call<ClientState>;
  command: (input: Mine<CommandInput>) => Promise<Delivery>;
  message: (input: Mine<MessageInput>) => Promise<Delivery>;
  act: (input: Mine<ActionInput>) => Promise<Delivery>;
  submitView: (input: Mine<ViewSubmissionInput>) => Promise<Delivery>;
  closeView: (input: Mine<ViewCloseInput>) => Promise<Delivery>;
  options: (input: Mine<OptionsInput>) => Promise<Offered>;
  openHome: (input: Mine<HomeInput>) => Promise<Delivery>;
  shortcut: (input: Mine<ShortcutInput>) => Promise<Delivery>;
  messageShortcut: (input: Mine<MessageShortcutInput>) => Promise<Delivery>;
  setAccount: (input: Mine<AccountInput>) => Promise<Delivery>;
  /** Removes the app from the workspace, or from its organisation. */
  uninstall: () => Promise<Delivery>;
  portfolio: (target: string, entityType: string) => Call<PortfolioRows>;
  search: (query: string) => Call<SearchHits>;
  reset: () => Call<unknown>;
  changeRow: () => Call<{ years: number }>;
  setFault: (input: FaultInput) => Call<Faults>;
  endFaults: () => Call<Faults>;
}

const messageOf = (body: unknown, status: number): string => {
  if (typeof body === "object" && body !== null) {
    if ("message" in body && typeof body.message === "string") return body.message;
    if ("error" in body && typeof body.error === "string") return body.error;
  }
  return `The local Slack answered ${status}.`;
};

const call = async <T>(path: string, init?: RequestInit): Call<T> => {
  try {
    const response = await fetch(base + path, init);
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok || body === null) return fail({ code: "refused", message: messageOf(body, response.status) });
    return ok(body as T);
  } catch {
    return fail({ code: "unreachable", message: "The local Slack cannot be reached. Is it still running?" });
  }
};

const post = <T>(path: string, input: unknown): Call<T> =>
  call<T>(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(input) });

const deliver = async (path: string, input: unknown): Promise<Delivery> => {
  const result = await post<Delivery>(path, input);
  return result.ok ? result.value : { ok: false, ackMs: 0, status: null, error: result.reason.message };
};

interface Suggested {
  options?: Option[];
  option_groups?: OptionGroup[];
  error?: string | null;
}

const offeredOf = ({ options = [], option_groups: groups = [], error = null }: Suggested): Offered => ({
  options: [
    ...options.map((option) => ({ option })),
    ...groups.flatMap((group) => group.options.map((option) => ({ option, group: group.label.text }))),
  ],
  error,
});

/** @param as user id of the acting person */
export const createClient = (as: string): Client => {
  const mine = (input: object): object => ({ ...input, as });
  return {
    state: () => call(`state?as=${encodeURIComponent(as)}`),
    command: (input) => deliver("command", mine(input)),
    message: (input) => deliver("message", mine(input)),
    act: (input) => deliver("action", mine(input)),
    submitView: (input) => deliver("view-submission", mine(input)),
    closeView: (input) => deliver("view-close", mine(input)),
    options: async (input) => {
      const result = await post<Suggested>("options", mine(input));
      return result.ok ? offeredOf(result.value) : { options: [], error: result.reason.message };
    },
    openHome: (input) => deliver("home", mine(input)),
    shortcut: (input) => deliver("shortcut", mine(input)),
    messageShortcut: (input) => deliver("message-shortcut", mine(input)),
    setAccount: (input) => deliver("account", mine(input)),
    uninstall: () => deliver("uninstall", mine({})),
    portfolio: (target, entityType) =>
      call(`portfolio?target=${encodeURIComponent(target)}&type=${encodeURIComponent(entityType)}`),
    search: (query) => call(`search?q=${encodeURIComponent(query)}`),
    reset: () => post("reset", {}),
    changeRow: () => post("change-row", {}),
    setFault: (input) => post("fault", input),
    endFaults: () => post("faults-end", {}),
  };
};
