import type { Datepicker, DateTimepicker, Timepicker } from "@slack/types";
import type { ReactNode } from "react";
import type { ElementProps } from "./element-props.ts";
import type { StateValue } from "./state-values.ts";
import { useSurface } from "./surface.tsx";

type AnyDate = Datepicker | Timepicker | DateTimepicker;

const inputTypes = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" } as const;
const names = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" } as const;

/** Seconds since the epoch as the text of a `datetime-local` input, in the browser's zone. */
const localText = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

const textOf = (value: StateValue): string => {
  if (value.type === "datepicker") return value.selected_date ?? "";
  if (value.type === "timepicker") return value.selected_time ?? "";
  return value.type === "datetimepicker" && value.selected_date_time !== null
    ? localText(value.selected_date_time)
    : "";
};

const stateOf = (element: AnyDate, text: string): StateValue => {
  if (element.type === "datepicker") return { type: element.type, selected_date: text || null };
  if (element.type === "timepicker") return { type: element.type, selected_time: text || null };
  return { type: element.type, selected_date_time: text ? Math.floor(new Date(text).getTime() / 1000) : null };
};

export const DateElement = ({
  element,
  address,
  value,
  dispatches,
  label,
  invalid,
  describedBy,
}: ElementProps<AnyDate> & { value: StateValue }): ReactNode => {
  const surface = useSurface();
  return (
    <input
      type={inputTypes[element.type]}
      className={surface.isPending(address) ? "text-input date pending" : "text-input date"}
      aria-label={label ?? ("placeholder" in element ? element.placeholder?.text : undefined) ?? names[element.type]}
      aria-invalid={invalid}
      aria-describedby={describedBy}
      value={textOf(value)}
      onChange={(event) => {
        const state = stateOf(element, event.target.value);
        if (dispatches) void surface.choose(address, state, element.confirm);
        else surface.keep(address, state);
      }}
    />
  );
};
