import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../platform/clock.ts";
import type { Queryable, Sql } from "../platform/postgres.ts";
import type { Caller } from "./caller.ts";

/** 32 random bytes; a token has dots. */
const TICKET = /^[\w-]{43}$/;
const TTL_SECONDS = 30;

/** Credentials for the socket that are worthless in a proxy's log: good once, and for 30 seconds. */
export class Tickets {
  readonly #sql: Sql;
  readonly #clock: Clock;

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /** Whether a credential has the form of a ticket, as opposed to that of a token. */
  isTicket(credential: string): boolean {
    return TICKET.test(credential);
  }

  /** `expiresIn` in seconds. */
  async issue(caller: Caller): Promise<{ ticket: string; expiresIn: number }> {
    const ticket = randomBytes(32).toString("base64url");
    await insertTicket(this.#sql, caller, hashOf(ticket), new Date(this.#clock.now() + TTL_SECONDS * 1000));
    return { ticket, expiresIn: TTL_SECONDS };
  }

  /** The caller the ticket was issued to; null when it is unknown, used or expired. */
  async redeem(ticket: string): Promise<Caller | null> {
    return await takeTicket(this.#sql, hashOf(ticket), new Date(this.#clock.now()));
  }

  async removeExpired(): Promise<void> {
    await this.#sql`delete from tickets where expires_at <= ${new Date(this.#clock.now())}`;
  }
}

function hashOf(ticket: string): Buffer {
  return createHash("sha256").update(ticket).digest();
}

async function insertTicket(db: Queryable, caller: Caller, ticketHash: Buffer, expiresAt: Date): Promise<void> {
  await db`
    insert into tickets (token_hash, user_id, session_id, token_version, expires_at, token_expires_at)
    values (${ticketHash}, ${caller.userId}, ${caller.sessionId}, ${caller.tokenVersion}, ${expiresAt},
      ${new Date(caller.expiresAtMs)})`;
}

async function takeTicket(db: Queryable, ticketHash: Buffer, now: Date): Promise<Caller | null> {
  const [caller] = await db`
    delete from tickets where token_hash = ${ticketHash} and expires_at > ${now}
    returning user_id::float8 as "userId", session_id::float8 as "sessionId", token_version as "tokenVersion",
      (extract(epoch from token_expires_at) * 1000)::float8 as "expiresAtMs"`;
  return caller ?? null;
}
