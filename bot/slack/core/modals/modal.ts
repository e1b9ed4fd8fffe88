/** What every modal of ours has in common: how it is opened, submitted and answered. */
import { clip } from "../../../../shared/messages/message.ts";
import type { KnownBlock, ModalView, PlainTextElement } from "@slack/types";
import { section } from "../../blocks/blocks.ts";
import type { Reply, SubmitAnswer } from "../reply.ts";
import type { RequestContext } from "../request-context.ts";
import type { FormValues } from "./values.ts";

export interface ShownModal {
  id: string;
  /** Shows other content in its place, unless it was changed meanwhile. Inputs with the same ids keep their text. */
  replace: (view: ModalView) => Promise<ShownModal>;
}

export type OpenModal = (view: ModalView) => Promise<ShownModal>;

export interface SubmitCall {
  ctx: RequestContext;
  values: FormValues;
  metadata: unknown;
}

export type { SubmitAnswer };

export interface ChangeCall extends SubmitCall {
  actionId: string;
  shown: ShownModal;
}

export interface Modal {
  name: string;
  submit: (call: SubmitCall) => Promise<SubmitAnswer>;
  /** An input that asks for it was changed. */
  change?: (call: ChangeCall) => Promise<void>;
}

export const plain = (text: string, max: number): PlainTextElement => ({ type: "plain_text", text: clip(text, max) });

/** Slack takes 100 blocks, titles and buttons of 24 characters. */
const maxBlocks = 100;
const titleLength = 24;

export interface FormParts {
  name: string;
  title: string;
  submit: string;
  blocks: KnownBlock[];
  /** Carried along as JSON of at most 3,000 characters. */
  metadata?: unknown;
}

export const formView = ({ name, title, submit, blocks, metadata }: FormParts): ModalView => ({
  type: "modal",
  callback_id: name,
  title: plain(title, titleLength),
  submit: plain(submit, titleLength),
  close: plain("Cancel", titleLength),
  ...(metadata === undefined ? {} : { private_metadata: JSON.stringify(metadata) }),
  blocks: blocks.slice(0, maxBlocks),
});

/** Shown at once, while what it needs is being read. */
export const loadingView = (title: string): ModalView => ({
  type: "modal",
  title: plain(title, titleLength),
  close: plain("Cancel", titleLength),
  blocks: [section(":hourglass_flowing_sand: Loading …")],
});

export const replyView = (reply: Reply, title = "CV Ops"): ModalView => ({
  type: "modal",
  callback_id: "reply",
  title: plain(title, titleLength),
  close: plain("Close", titleLength),
  blocks: reply.blocks.slice(0, maxBlocks),
});
