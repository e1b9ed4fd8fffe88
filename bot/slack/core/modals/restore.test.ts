import type { InputBlock } from "@slack/types";
import { expect, test } from "vitest";
import { describe, validateView } from "../../../../tools/slack/validate-blocks.ts";
import { textsOf } from "../../../../test/support/bot/texts.ts";
import { checkboxes, datepicker, input, numberInput, option, select, textInput } from "./inputs.ts";
import { formView } from "./modal.ts";
import { restored } from "./restore.ts";
import { formValues, listIn, textIn } from "./values.ts";

const options = [option("Backend"), option("Frontend")];
const form = formView({
  name: "test",
  title: "A form",
  submit: "Save",
  metadata: { number: 3 },
  blocks: [
    input({ id: "name", label: "Name" }, textInput({ initial: "Python" })),
    input({ id: "years", label: "Years" }, numberInput(true, { min: 0, max: 60, initial: 5 })),
    input({ id: "category", label: "Category" }, select(options, "Frontend")),
    input({ id: "tags", label: "Tags", optional: true }, checkboxes(options, ["Backend"])),
    input({ id: "since", label: "Since", optional: true }, datepicker("2024-05-31")),
  ],
});

const typed = {
  name: { name: { type: "plain_text_input", value: "Rust <&> 🦀" } },
  years: { years: { type: "number_input", value: "1.5" } },
  category: { category: { type: "static_select", selected_option: options[0] } },
  tags: { tags: { type: "checkboxes", selected_options: [] } },
  since: { since: { type: "datepicker", selected_date: null } },
};
const submitted = { ...form, id: "V1", hash: "1.1", state: { values: typed } };

const elements = (view: { blocks: readonly unknown[] }) =>
  view.blocks.flatMap((block) => ((block as InputBlock).type === "input" ? [(block as InputBlock).element] : []));

test("a refused form keeps what was typed, with cleared inputs empty", () => {
  const view = restored(submitted, []);
  expect(elements(view)).toMatchObject([
    { initial_value: "Rust <&> 🦀" },
    { initial_value: "1.5" },
    { initial_option: options[0] },
    { type: "checkboxes" },
    { type: "datepicker" },
  ]);
  expect(elements(view)[3]).not.toHaveProperty("initial_options");
  expect(elements(view)[4]).not.toHaveProperty("initial_date");
  expect(view).toMatchObject({ callback_id: "test", private_metadata: form.private_metadata });
  expect(validateView(view).map(describe)).toEqual([]);
});

test("a refused form shows the reason above it, without markup", () => {
  const view = restored(submitted, ["name must not be <!channel>"]);
  expect(textsOf(view.blocks[0])).toBe(":warning: name must not be &lt;!channel&gt;");
  expect(validateView(view).map(describe)).toEqual([]);
});

test("the values of a form are read by block", () => {
  const values = formValues(typed);
  expect(values).toEqual({ name: "Rust <&> 🦀", years: "1.5", category: "Backend", tags: [], since: null });
  expect(textIn(values, "name")).toBe("Rust <&> 🦀");
  expect(textIn(values, "since")).toBe("");
  expect(textIn(values, "nowhere")).toBe("");
  expect(listIn(values, "category")).toEqual(["Backend"]);
  expect(listIn(values, "since")).toEqual([]);
});
