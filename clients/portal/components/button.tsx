import type { ComponentProps, ReactNode } from "react";

interface ButtonProps extends ComponentProps<"button"> {
  look?: "primary" | "danger" | "danger-quiet" | undefined;
  isSmall?: boolean;
}

/** With `aria-disabled` it does nothing, and keeps the focus and its explanation. */
export const Button = ({ look, isSmall = false, onClick, ...native }: ButtonProps): ReactNode => (
  <button
    type="button"
    className={["button", look, isSmall && "small"].filter(Boolean).join(" ")}
    onClick={native["aria-disabled"] === true ? undefined : onClick}
    {...native}
  />
);
