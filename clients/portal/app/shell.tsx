import { type FormEvent, type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { usePeople } from "../data/people.ts";
import { useMe } from "../data/queries.ts";
import { Mark } from "../components/mark.tsx";
import { Menu } from "../components/menu.tsx";
import { useToasts } from "../components/toasts.tsx";
import { signOut } from "../live/sign-in.ts";
import { Icon } from "../components/icon.tsx";
import { ConnectionBanner, ConnectionSign, RateBanner } from "./connection.tsx";
import { useKeepFocus } from "./keep-focus.ts";
import { ThemeButton } from "./theme-button.tsx";
import { WorkspaceMenu } from "./workspace-menu.tsx";

export const Shell = ({ children }: { children: ReactNode }): ReactNode => {
  useKeepFocus();
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <div className="above">
        <header className="top">
          <Link href="/" className="brand" aria-label="CV Ops: your work">
            <Mark /> <span>CV Ops</span>
          </Link>
          <nav aria-label="Pages">
            <PageLink to="/">Work</PageLink>
            <PageLink to="/commits">Commits</PageLink>
            <Offered permission="verify">
              <PageLink to="/verify">Verify</PageLink>
            </Offered>
            <Offered permission="tokens">
              <PageLink to="/admin">Admin</PageLink>
            </Offered>
          </nav>
          <SearchField />
          <WorkspaceMenu />
          <ConnectionSign />
          <ThemeButton />
          <Whoami />
        </header>
        <ConnectionBanner />
        <RateBanner />
      </div>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
};

const PageLink = ({ to, children }: { to: string; children: ReactNode }): ReactNode => {
  const [location] = useLocation();
  const isHere = to === "/" ? location === "/" : location.startsWith(to);
  return (
    <Link href={to} aria-current={isHere ? "page" : undefined}>
      {children}
    </Link>
  );
};

const SearchField = (): ReactNode => {
  const [, navigate] = useLocation();
  const [query, setQuery] = useState("");
  const look = (event: FormEvent): void => {
    event.preventDefault();
    const text = query.trim();
    const number = /^#?(\d{1,9})$/.exec(text)?.[1];
    if (number !== undefined) navigate(`/commits/${Number(number)}`);
    else if (text !== "") navigate(`/search?q=${encodeURIComponent(text)}`);
  };
  return (
    <form role="search" className="search" onSubmit={look}>
      <Icon name="search" />
      <input
        type="search"
        aria-label="Search the portfolio, or go to a commit by its number"
        placeholder="Search, or #42"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
    </form>
  );
};

/** Viewers are not offered what they may not do. */
const Offered = ({ permission, children }: { permission: string; children: ReactNode }): ReactNode =>
  useMe().data?.permissions.includes(permission) === true && children;

const Whoami = (): ReactNode => {
  const me = useMe().data;
  const { nameOf } = usePeople();
  if (!me) return null;
  return (
    <div className="whoami">
      <span className="whoami-name">{nameOf(me.userId)}</span>{" "}
      <span className="fine">
        <span className="whoami-role">{me.role} · </span>
        <SignOut />
      </span>
    </div>
  );
};

const SignOut = (): ReactNode => {
  const toasts = useToasts();
  const leave = (isEverywhere: boolean): void => {
    signOut(isEverywhere).catch((error: unknown) =>
      toasts.show({ tone: "bad", text: () => (error instanceof Error ? error.message : String(error)) }),
    );
  };
  const item = (label: string, isEverywhere: boolean) => ({
    label,
    note: null,
    isDangerous: false,
    choose: () => leave(isEverywhere),
  });
  return (
    <Menu label="Sign out" text="Sign out" items={[item("Sign out here", false), item("Sign out everywhere", true)]} />
  );
};
