import { type ComponentProps, type ReactNode, useLayoutEffect, useRef } from "react";

interface FormProps extends Omit<ComponentProps<"form">, "onSubmit" | "ref" | "noValidate"> {
  onSubmit: () => void;
}

/** A form whose fields say what is wrong. When a submission is refused, the first refused field gets the focus. */
export const Form = ({ onSubmit, ...native }: FormProps): ReactNode => {
  const form = useRef<HTMLFormElement>(null);
  const isSubmitted = useRef(false);
  // Without dependencies: the refusal may come with any render after the submission.
  useLayoutEffect(() => {
    if (!isSubmitted.current) return;
    const refused = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    if (!refused) return;
    isSubmitted.current = false;
    refused.focus();
  });
  return (
    <form
      {...native}
      ref={form}
      noValidate
      // Who goes on typing keeps the focus, however late the refusal comes.
      onInput={() => {
        isSubmitted.current = false;
      }}
      onSubmit={(event) => {
        event.preventDefault();
        isSubmitted.current = true;
        onSubmit();
      }}
    />
  );
};
