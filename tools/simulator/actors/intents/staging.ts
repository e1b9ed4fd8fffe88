/** Intents about changes, until they are in a commit. */
import { seededRows } from "../../world/starting-rows.ts";
import { type Draw, type Kind, has, nameOf, numberOf, quotedRow, type } from "./draw.ts";

/** `step` makes the typed text unique, so that the databases can be searched for it. */
export const stagingKinds = ({ staged, step, random, author, editor, admin }: Draw): Kind[] => {
  const few = staged.length < 2 ? 3 : 0.7;
  const row = random.pick(seededRows);
  const target = random.pick(["", "", "", " --target d1cv", " --target ai"]);
  const years = random.between(1, 9);
  const typed = quotedRow(row);
  const name = `Tool ${step}${random.pick(["", "", "", " (c++)", ", 名前/1", " שלום"])}`;
  return [
    [
      "stage create",
      few,
      type(editor, `stage create technology name="${name}" category=Backend experience_years=${years}${target}`),
    ],
    ["stage update", few, type(editor, `stage update technology ${typed} summary="step ${step}"${target}`)],
    ["stage delete", 1, type(editor, `stage delete technology ${typed}${target}`)],
    // Looked up when it is committed, where no target answers.
    ["stage by name", 0.5, type(editor, `stage update technology "${nameOf(row)}" summary="step ${step}"${target}`)],
    ["edit", has(staged, 0.5), type(author, `edit ${numberOf(random, staged)} experience_years=${10 + years}`)],
    ["edit another's", has(staged, 0.5), type(admin, `edit ${numberOf(random, staged)} level=Expert`)],
    // The author says the same, so that the commit is not asked about.
    ["edit to the same", has(staged, 0.4), type(author, `edit ${numberOf(random, staged)} level=Expert`)],
    ["unstage", has(staged, 0.4), type(author, `unstage ${numberOf(random, staged)}`)],
    ["commit", has(staged, 8), type(author, `commit -m "work ${step}"`)],
    ["commit a draft", has(staged, 0.8), type(author, `commit -m "work ${step}" --draft`)],
    ["open a form", has(staged, 0.8), type(author, random.pick(["commit", "commit", "stage"]))],
  ];
};
