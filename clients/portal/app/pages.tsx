import type { ReactNode } from "react";
import { Route, Switch } from "wouter";
import { AdminPage } from "../admin/page.tsx";
import { CommitListPage } from "../commits/list-page.tsx";
import { CommitPage } from "../commits/page.tsx";
import { LoginPage } from "../login/page.tsx";
import { PushPage } from "../pushes/page.tsx";
import { SearchPage } from "../search/page.tsx";
import { EditPage } from "../stage/edit-page.tsx";
import { StagePage } from "../stage/stage-page.tsx";
import { WorkPage } from "../overview/page.tsx";
import { VerifyPage } from "../verify/page.tsx";
import { NotFound } from "./not-found.tsx";

/** A commit or a push has a number in its address. */
const numbered = (text: string | undefined, page: (number: number) => ReactNode): ReactNode =>
  text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? page(Number(text)) : <NotFound />;

export const Pages = (): ReactNode => (
  <Switch>
    <Route path="/">
      <WorkPage />
    </Route>
    <Route path="/stage">
      <StagePage />
    </Route>
    <Route path="/staged/:number">{({ number }) => numbered(number, (n) => <EditPage key={n} number={n} />)}</Route>
    <Route path="/commits">
      <CommitListPage />
    </Route>
    <Route path="/commits/:number">{({ number }) => numbered(number, (n) => <CommitPage key={n} number={n} />)}</Route>
    <Route path="/pushes/:number">{({ number }) => numbered(number, (n) => <PushPage key={n} number={n} />)}</Route>
    <Route path="/verify">
      <VerifyPage />
    </Route>
    <Route path="/admin">
      <AdminPage name={null} />
    </Route>
    <Route path="/admin/:name">{({ name }) => <AdminPage key={name} name={name} />}</Route>
    <Route path="/login">
      <LoginPage typed={null} />
    </Route>
    <Route path="/login/:code">{({ code }) => <LoginPage key={code} typed={code} />}</Route>
    <Route path="/search">
      <SearchPage />
    </Route>
    <Route>
      <NotFound />
    </Route>
  </Switch>
);
