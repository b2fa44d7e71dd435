import { createClient, createSession, ReelayError, type Schemas } from "@reelay/sdk";

/** The page is handed out by the server it speaks to. */
const baseUrl = "";

export const session = createSession({ baseUrl, storage: localStorage, key: "reelay.dashboard.session" });
export const { api } = createClient({ baseUrl, session });

export type Account = Schemas["OwnUser"];
export type Subject = Schemas["Subject"];
export type SubjectDetails = Schemas["SubjectDetails"];
export type SubjectName = Pick<Subject, "targetType" | "targetId">;
export type TargetType = Subject["targetType"];
export type Category = Subject["category"];
export type QueueCounts = Schemas["QueueCounts"];
export type Decision = Schemas["Decision"];
export type Action = Decision["action"];
export type PersonRecord = Schemas["PersonRecord"];
export type StaffReport = SubjectDetails["reports"][number];

export type AuditEntry = Schemas["AuditLogEntry"];
export type Appeal = Schemas["StaffAppeal"];
export type Note = Schemas["Note"];
export type User = Schemas["AdminUser"];
export type Video = Schemas["AdminVideo"];
export type Report = Schemas["AdminReport"];

export { ReelayError };

export function codeOf(error: unknown): string {
  return error instanceof ReelayError ? error.code : "UNKNOWN";
}

/** Trying again helps when nobody answered, or the server was too busy to. */
export function isPassing(error: unknown): boolean {
  return error instanceof ReelayError && (error.code === "NETWORK_ERROR" || error.status === 503);
}
