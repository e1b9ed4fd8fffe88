import type { ReactNode } from "react";
import { Link } from "wouter";
import { Page } from "../components/page.tsx";

export const NotFound = (): ReactNode => (
  <Page title="Page not found">
    <p>
      <Link href="/">Go to your work</Link>, or look it up in the <Link href="/commits">commits</Link>.
    </p>
  </Page>
);
