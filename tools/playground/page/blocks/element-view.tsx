import type {
  ActionsBlockElement,
  ImageElement,
  InputBlockElement,
  RichTextInput,
  SectionBlockAccessory,
} from "@slack/types";
import type { ReactNode } from "react";
import { ButtonElement, OverflowElement } from "./button-elements.tsx";
import { ChoiceElement } from "./choice-elements.tsx";
import { DateElement } from "./date-elements.tsx";
import type { ElementProps } from "./element-props.ts";
import { BlockImage } from "./image.tsx";
import { SelectElement } from "./select-element.tsx";
import { initialValue, isStateful, type StateValue } from "./state-values.ts";
import { useSurface } from "./surface.tsx";
import { TextInputElement } from "./text-input-element.tsx";
import { Unsupported } from "./unsupported.tsx";

export type AnyElement = ActionsBlockElement | InputBlockElement | SectionBlockAccessory | ImageElement;

/** Slack's rich text editor writes rich text; ours takes plain text and wraps it. */
const RichTextInputElement = ({
  element,
  address,
  value,
  label,
}: ElementProps<RichTextInput> & { value: StateValue }): ReactNode => {
  const { keep } = useSurface();
  const section = value.type === "rich_text_input" ? value.rich_text_value?.elements[0] : undefined;
  const text =
    section?.type === "rich_text_section"
      ? section.elements.map((part) => (part.type === "text" ? part.text : "")).join("")
      : "";
  return (
    <textarea
      className="text-input"
      rows={4}
      value={text}
      placeholder={element.placeholder?.text ?? ""}
      aria-label={label ?? "Text"}
      onChange={(event) =>
        keep(address, {
          type: "rich_text_input",
          rich_text_value: event.target.value
            ? {
                type: "rich_text",
                elements: [{ type: "rich_text_section", elements: [{ type: "text", text: event.target.value }] }],
              }
            : null,
        })
      }
    />
  );
};

export const ElementView = (props: ElementProps<AnyElement>): ReactNode => {
  const { values } = useSurface();
  const { element, address } = props;
  const value = values[address.blockId]?.[address.actionId] ?? (isStateful(element) ? initialValue(element) : null);
  switch (element.type) {
    case "button":
      return <ButtonElement {...props} element={element} />;
    case "overflow":
      return <OverflowElement {...props} element={element} />;
    case "image":
      return <BlockImage image={element} className="thumbnail" />;
    case "file_input":
    case "workflow_button":
      return <Unsupported kind="element" type={element.type} />;
  }
  if (!value) return <Unsupported kind="element" type={element.type} />;
  switch (element.type) {
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return <TextInputElement {...props} element={element} value={value} />;
    case "radio_buttons":
    case "checkboxes":
      return <ChoiceElement {...props} element={element} value={value} />;
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return <DateElement {...props} element={element} value={value} />;
    case "rich_text_input":
      return <RichTextInputElement {...props} element={element} value={value} />;
    default:
      return <SelectElement {...props} element={element} value={value} />;
  }
};
