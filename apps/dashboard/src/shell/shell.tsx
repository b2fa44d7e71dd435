import { lazy, Suspense, useState } from "react";
import { Route, Switch } from "wouter";
import { KeyHelp } from "../keys/help.tsx";
import { useKeys } from "../keys/keys.ts";
import { Page } from "../parts/page.tsx";
import { useText } from "../text/language.tsx";
import { Failure } from "./failure.tsx";
import { Navigation } from "./navigation.tsx";

const Overview = lazy(() => import("../pages/overview/overview.tsx"));
const Queue = lazy(() => import("../pages/queue/queue.tsx"));
const Appeals = lazy(() => import("../pages/appeals/appeals.tsx"));
const Users = lazy(() => import("../pages/users/users.tsx"));
const UserPage = lazy(() => import("../pages/users/user.tsx"));
const Videos = lazy(() => import("../pages/videos/videos.tsx"));
const VideoPage = lazy(() => import("../pages/videos/video.tsx"));
const Reports = lazy(() => import("../pages/reports/reports.tsx"));
const ReportPage = lazy(() => import("../pages/reports/report.tsx"));
const AuditLog = lazy(() => import("../pages/audit/audit.tsx"));

export function Shell() {
  const text = useText();
  const [isHelping, setHelping] = useState(false);
  useKeys({
    "?": () => setHelping(true),
    "/": () => document.querySelector<HTMLInputElement>("[type=search]")?.focus(),
  });
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.skipToContent}
      </a>
      <Navigation onHelp={() => setHelping(true)} />
      <main id="content" tabIndex={-1}>
        <Failure>
          <Suspense fallback={<p className="hint page">{text.loading}</p>}>
            <Switch>
              <Route path="/" component={Overview} />
              <Route path="/queue" component={Queue} />
              <Route path="/appeals" component={Appeals} />
              <Route path="/users" component={Users} />
              <Route path="/users/:id">{(params) => <UserPage key={params.id} params={params} />}</Route>
              <Route path="/videos" component={Videos} />
              <Route path="/videos/:id">{(params) => <VideoPage key={params.id} params={params} />}</Route>
              <Route path="/reports" component={Reports} />
              <Route path="/reports/:id">{(params) => <ReportPage key={params.id} params={params} />}</Route>
              <Route path="/audit" component={AuditLog} />
              <Route>
                <Page title={text.pageMissing}>{null}</Page>
              </Route>
            </Switch>
          </Suspense>
        </Failure>
      </main>
      {isHelping && <KeyHelp onClose={() => setHelping(false)} />}
    </div>
  );
}
