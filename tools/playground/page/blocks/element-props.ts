import type { ElementAddress } from "./surface.tsx";

export interface ElementProps<Element> {
  element: Element;
  address: ElementAddress;
  /** Whether a change is sent to the bot at once; inside an input block only with `dispatch_action`. */
  dispatches: boolean;
  /** The label of the input block around it. */
  label?: string;
  invalid?: boolean;
  /** Id of the hint and error under it. */
  describedBy?: string;
}
