import { type ReactNode, useState } from "react";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";

interface SecretProps {
  title: string;
  secret: string;
  close: () => void;
}

/** A secret is shown once: CV Ops keeps a hash of it, or nobody is shown it again. */
export const SecretDialog = ({ title, secret, close }: SecretProps): ReactNode => {
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog title={title} yes="I have stored it" no="Close" isBusy={false} onYes={close} onNo={close}>
      <p>It is shown this once. Store it where secrets are kept.</p>
      <p>
        <code className="secret" data-testid="secret">
          {secret}
        </code>
      </p>
      <Button isSmall onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}>
        {isCopied ? "Copied" : "Copy"}
      </Button>
    </Dialog>
  );
};
