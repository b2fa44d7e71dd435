import type { App } from "./app.ts";
import type { PublishingTx } from "./delivery/commit.ts";
import { ERASURE, eraseAccount } from "./features/account-deletion/erasure.ts";
import { CONTENT_REMOVAL, removeContent } from "./features/moderation/content-removal.ts";
import { REVOKE_HIDDEN, revokeHidden } from "./features/notifications/revocations.ts";
import { CLOSE_REPORTS, closeReportsStep } from "./features/reports/decisions.ts";
import { REOPEN_REPORTS, reopenReportsStep } from "./features/reports/reopening.ts";
import { REWEIGH_REPORTS, reweighReports } from "./features/reports/reporters.ts";
import type { JobStep } from "./platform/durable-jobs.ts";

/** What does the batches of each kind of durable job. */
export const JOB_STEPS: Readonly<Record<string, JobStep<App, PublishingTx>>> = {
  [REVOKE_HIDDEN]: revokeHidden,
  [CLOSE_REPORTS]: closeReportsStep,
  [REOPEN_REPORTS]: reopenReportsStep,
  [REWEIGH_REPORTS]: reweighReports,
  [ERASURE]: eraseAccount,
  [CONTENT_REMOVAL]: removeContent,
};
