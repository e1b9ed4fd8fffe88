/** Builds the pages once for all stories: a second build would restart the stacks that serve them. */
import { buildPages } from "../../tools/playground/page/build.ts";

export const setup = (): Promise<void> => buildPages();
