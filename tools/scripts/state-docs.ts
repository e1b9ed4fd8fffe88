/** Draws the state machines of docs/reference/states.md. */
import { type Machine, states } from "../../shared/domain/states.ts";
import { writeGeneratedPart } from "./generated-file.ts";

const pictureOf = (machine: Machine): string => {
  const edges = Object.entries<readonly string[]>(states[machine]);
  const [[first] = [""]] = edges;
  return [
    "```mermaid",
    "stateDiagram-v2",
    "  direction LR",
    `  [*] --> ${first}`,
    ...edges.flatMap(([from, successors]) => successors.map((to) => `  ${from} --> ${to}`)),
    ...edges.flatMap(([from, successors]) => (successors.length === 0 ? [`  ${from} --> [*]`] : [])),
    "```",
  ].join("\n");
};

for (const machine of Object.keys(states) as Machine[]) {
  writeGeneratedPart("docs/reference/states.md", machine, pictureOf(machine), "npm run docs");
}
