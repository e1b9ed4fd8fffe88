/** What an input with typeahead asks, and what it is answered. */
import type { Option, PlainTextElement } from "@slack/types";
import type { RequestContext } from "./request-context.ts";

interface OptionGroup {
  label: PlainTextElement;
  options: Option[];
}

export type Suggestions =
  | { options: Option[]; option_groups?: never }
  | { option_groups: OptionGroup[]; options?: never };

export interface SuggestCall {
  ctx: RequestContext;
  actionId: string;
  typed: string;
  metadata: unknown;
  /** `view.state.values` as Slack sends it. */
  values: unknown;
}

export type Suggest = (call: SuggestCall) => Promise<Suggestions>;
