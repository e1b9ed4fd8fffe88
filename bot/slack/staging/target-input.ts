/** The choice of targets, as every form that stages shows it. */
import type { KnownBlock } from "@slack/types";
import { checkboxes, input, option } from "../core/modals/inputs.ts";
import { type FormValues, listIn } from "../core/modals/values.ts";

const targetsBlockId = "targets";

/** Nothing where there is nothing to choose. @param chosen all when empty */
export const targetBlocks = (names: readonly string[], chosen: readonly string[]): KnownBlock[] =>
  names.length < 2
    ? []
    : [
        input(
          { id: targetsBlockId, label: "Targets", optional: true },
          checkboxes(
            names.map((name) => option(name)),
            chosen.length > 0 ? chosen : names,
          ),
        ),
      ];

/** Empty where the form has no such choice: all. */
export const targetsIn = (values: FormValues): string[] => listIn(values, targetsBlockId);

/** What is wrong when none is chosen, by block id. */
export const noTarget = (values: FormValues): Record<string, string> | null =>
  Object.hasOwn(values, targetsBlockId) && targetsIn(values).length === 0
    ? { [targetsBlockId]: "Choose at least one." }
    : null;
