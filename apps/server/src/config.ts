import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { type Bucket, MAX_BUCKET_UPLOAD_MB } from "./platform/object-store-s3.ts";

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

const BYTES_PER_MB = 1024 * 1024;

/** A node of several gives its clients the time to go to the others. */
const CLUSTER_DRAIN_SECONDS = 20;

const seconds = z
  .string()
  .regex(/^\d{1,9}[smhd]?$/, "a number of seconds, or with a unit: 90s, 15m, 12h, 7d")
  .transform((value) => Number.parseInt(value, 10) * (UNIT_SECONDS[value.at(-1) ?? ""] ?? 1))
  .refine((value) => value >= 1, "at least one second");

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "a whole number")
    .transform(Number)
    .pipe(z.int().min(min).max(max));

/** How often something may be done; 0: no limit. */
const rate = (times: number) => whole(0, 1_000_000).default(times);

const list = z.string().transform((value) =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean),
);

/** Offsets are left out: the database reads their sign the other way round. */
const timezone = z.string().refine(isTimezone, "the name of a time zone, like Asia/Ho_Chi_Minh");

const Environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: whole(0, 65_535).default(3000),
  DATA_DIR: z.string().optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  DATABASE_POOL: whole(2, 200).default(10),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must begin with redis://")
    .optional(),
  JWT_SECRET: z.string().min(32, "at least 32 characters").optional(),
  ACCESS_TOKEN_TTL: seconds.default(7 * 86_400),
  REFRESH_TOKEN_TTL: seconds.default(30 * 86_400),
  CORS_ORIGINS: list.default([]),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_REGION: z.string().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  RATE_MESSAGES_PER_MINUTE: rate(100),
  RATE_COMMENTS_PER_MINUTE: rate(30),
  RATE_REACTIONS_PER_MINUTE: rate(120),
  RATE_REPORTS_PER_HOUR: rate(20),
  RATE_UPLOADS_PER_HOUR: rate(20),
  RATE_PROFILE_PER_HOUR: rate(10),
  RATE_CONNECTS_PER_MINUTE: rate(120),
  RATE_TICKETS_PER_MINUTE: rate(60),
  RATE_SIGNUPS_PER_HOUR: rate(60),
  RATE_LOGINS_PER_HOUR: rate(600),
  RATE_SEARCHES_PER_MINUTE: rate(60),
  STORAGE_MB_PER_USER: whole(0, 100_000_000).default(2000),
  MIN_FREE_DISK_MB: whole(0, 100_000_000).default(1000),
  EVENTS_PER_USER: whole(100, 10_000_000).default(10_000),
  STALL_SECONDS: whole(0, 3600).default(30),
  DRAIN_SECONDS: whole(0, 3600).optional(),
  MAX_UPLOAD_MB: whole(1, 100_000).default(200),
  RETENTION_DAYS: whole(0, 36_500).default(30),
  REPORT_DEADLINE_HOURS: whole(1, 8760).default(24),
  HIDE_AT_REPORTS: whole(0, 1000).default(0),
  SESSION_RETENTION_DAYS: whole(1, 36_500).default(90),
  AUDIT_RETENTION_DAYS: whole(1, 36_500).default(730),
  STATS_TIMEZONE: timezone.default("UTC"),
  TRUSTED_PROXIES: whole(0, 10).default(0),
  METRICS_TOKEN: z.string().min(16, "at least 16 characters").optional(),
  ADMIN_EMAIL: z.email().optional(),
  ADMIN_PASSWORD: z.string().min(8).max(128).optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

/** How often something may be done, by user or by address; 0: no limit. */
export type Rates = Readonly<{
  messagesPerMinute: number;
  commentsPerMinute: number;
  reactionsPerMinute: number;
  reportsPerHour: number;
  uploadsPerHour: number;
  profileChangesPerHour: number;
  connectsPerMinute: number;
  ticketsPerMinute: number;
  signupsPerHour: number;
  loginsPerHour: number;
  searchesPerMinute: number;
}>;

/** The configuration of one process, frozen. Durations carry their unit in the name. */
export type Config = Readonly<{
  host: string;
  port: number;
  /** Undefined: chosen by the platform, beside the working directory. */
  dataDir: string | undefined;
  databaseUrl: string | undefined;
  databasePool: number;
  /** Shared by the nodes of a cluster; undefined: this is the only one. */
  redisUrl: string | undefined;
  jwtSecret: string | undefined;
  accessTokenTtlSeconds: number;
  refreshTokenTtlSeconds: number;
  /** Empty: any localhost origin. */
  corsOrigins: readonly string[];
  rates: Rates;
  /** Of the files of one user; 0: no limit. */
  storageBytesPerUser: number;
  /** With less than that, uploads are refused; 0: never. */
  minFreeDiskBytes: number;
  /** The newest so many events stay in a user's log. */
  eventsPerUser: number;
  /** A client that reads nothing of what waits for it is closed after that long; 0: never. */
  stallMs: number;
  /** Over which time the sockets are closed when the server stops. */
  drainMs: number;
  /** Where files of users are kept; undefined: under the data folder. */
  bucket: Bucket | undefined;
  /** Of one video file. */
  maxUploadBytes: number;
  /** How long a video that a moderator took down can be restored. */
  retentionDays: number;
  /** A subject whose oldest report is older than that is overdue. */
  reportDeadlineHours: number;
  /** So many credible reporters hide a video or comment until it is decided; 0: none do. */
  hideAtReports: number;
  /** How long address and device of a session stay after it was last used or ended. */
  sessionRetentionDays: number;
  auditRetentionDays: number;
  /** How many proxies in front of us append to X-Forwarded-For; 0 ignores the header. */
  trustedProxies: number;
  /** Where the days of the statistics are cut; an IANA name. */
  statsTimezone: string;
  firstAdmin: { email: string; password: string } | undefined;
  /** The token that allows to read the metrics; undefined: nobody may. */
  metricsToken: string | undefined;
  logLevel: string;
}>;

/** Names every problem of the environment at once. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Reads the configuration. The only reader of the environment; empty variables count as absent.
 * @throws ConfigError
 */
export function readConfig(environment: Record<string, string | undefined>, cwd = process.cwd()): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = Environment.safeParse(given);
  const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  const problems = [...wrong, ...contradictions(given)];
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(`The configuration is not valid:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  }
  const env = parsed.data;
  return Object.freeze({
    host: env.HOST,
    port: env.PORT,
    dataDir: env.DATA_DIR && (isAbsolute(env.DATA_DIR) ? env.DATA_DIR : resolve(cwd, env.DATA_DIR)),
    databaseUrl: env.DATABASE_URL,
    databasePool: env.DATABASE_POOL,
    redisUrl: env.REDIS_URL,
    jwtSecret: env.JWT_SECRET,
    accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL,
    refreshTokenTtlSeconds: env.REFRESH_TOKEN_TTL,
    corsOrigins: env.CORS_ORIGINS,
    rates: ratesOf(env),
    storageBytesPerUser: env.STORAGE_MB_PER_USER * BYTES_PER_MB,
    minFreeDiskBytes: env.MIN_FREE_DISK_MB * BYTES_PER_MB,
    eventsPerUser: env.EVENTS_PER_USER,
    stallMs: env.STALL_SECONDS * 1000,
    drainMs: (env.DRAIN_SECONDS ?? (env.REDIS_URL ? CLUSTER_DRAIN_SECONDS : 0)) * 1000,
    bucket: bucketOf(env),
    maxUploadBytes: env.MAX_UPLOAD_MB * BYTES_PER_MB,
    retentionDays: env.RETENTION_DAYS,
    reportDeadlineHours: env.REPORT_DEADLINE_HOURS,
    hideAtReports: env.HIDE_AT_REPORTS,
    sessionRetentionDays: env.SESSION_RETENTION_DAYS,
    auditRetentionDays: env.AUDIT_RETENTION_DAYS,
    trustedProxies: env.TRUSTED_PROXIES,
    statsTimezone: env.STATS_TIMEZONE,
    firstAdmin:
      env.ADMIN_EMAIL && env.ADMIN_PASSWORD ? { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD } : undefined,
    metricsToken: env.METRICS_TOKEN,
    logLevel: env.LOG_LEVEL,
  });
}

/** What is wrong between several variables. */
function contradictions(given: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  if (given.DATABASE_URL && !given.JWT_SECRET) {
    problems.push("JWT_SECRET: required with DATABASE_URL, the same for every node (openssl rand -hex 32)");
  }
  const needed = ["S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"];
  if (Object.keys(given).some((name) => name.startsWith("S3_")) && !needed.every((name) => given[name])) {
    problems.push(`${needed.join(", ")}: give all three or no S3 variable at all`);
  }
  if (given.S3_BUCKET && Number(given.MAX_UPLOAD_MB) > MAX_BUCKET_UPLOAD_MB) {
    problems.push(`MAX_UPLOAD_MB: at most ${MAX_BUCKET_UPLOAD_MB} with S3_BUCKET`);
  }
  if (!given.ADMIN_EMAIL !== !given.ADMIN_PASSWORD) {
    problems.push("ADMIN_EMAIL, ADMIN_PASSWORD: give both or neither");
  }
  return problems;
}

function ratesOf(env: z.output<typeof Environment>): Rates {
  return Object.freeze({
    messagesPerMinute: env.RATE_MESSAGES_PER_MINUTE,
    commentsPerMinute: env.RATE_COMMENTS_PER_MINUTE,
    reactionsPerMinute: env.RATE_REACTIONS_PER_MINUTE,
    reportsPerHour: env.RATE_REPORTS_PER_HOUR,
    uploadsPerHour: env.RATE_UPLOADS_PER_HOUR,
    profileChangesPerHour: env.RATE_PROFILE_PER_HOUR,
    connectsPerMinute: env.RATE_CONNECTS_PER_MINUTE,
    ticketsPerMinute: env.RATE_TICKETS_PER_MINUTE,
    signupsPerHour: env.RATE_SIGNUPS_PER_HOUR,
    loginsPerHour: env.RATE_LOGINS_PER_HOUR,
    searchesPerMinute: env.RATE_SEARCHES_PER_MINUTE,
  });
}

function bucketOf(env: z.output<typeof Environment>): Bucket | undefined {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!bucket || !accessKeyId || !secretAccessKey) return undefined;
  return { bucket, endpoint: env.S3_ENDPOINT, region: env.S3_REGION, accessKeyId, secretAccessKey };
}

function isTimezone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z_]*(\/[\w+-]+)*$/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
