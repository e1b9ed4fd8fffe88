/** Builds the pages once for all stories: a stack that serves them would start anew if another one built them again. */
import { buildPages } from "../../tools/playground/page/build.ts";

export const setup = (): Promise<void> => buildPages();
