import { afterEach, beforeEach, expect, test } from "bun:test";
import { type Person, peopleOf, startTestServer, type TestServer } from "@reelay/testkit";
import { forgetDevices } from "../../src/features/accounts/device-retention.ts";
import { forgetOldAudit } from "../../src/features/audit/audit.ts";

const DAY_MS = 86_400_000;

let server: TestServer;
let ann: Person;

beforeEach(async () => {
  server = await startTestServer({ env: { SESSION_RETENTION_DAYS: "5", AUDIT_RETENTION_DAYS: "7" } });
  [ann] = await peopleOf(server, "ann");
});

afterEach(() => server.stop());

async function addSessions(count: number, usedDaysAgo: number, endedDaysAgo: number | null): Promise<void> {
  await server.app.sql`
    insert into sessions (user_id, user_agent, address, last_used_at, revoked_at)
    select ${ann.id}, 'a phone', '192.0.2.1', now() - make_interval(days => ${usedDaysAgo}),
      now() - make_interval(days => ${endedDaysAgo}::integer)
    from generate_series(1, ${count})`;
}

/** How many sessions still say from where and on what they were used, by the day of their last use. */
async function devices(): Promise<Record<number, number>> {
  const rows: { days: number; count: number }[] = await server.app.sql`
    select (extract(epoch from now() - last_used_at) / 86400)::int as days, count(*)::int as count
    from sessions where user_agent is not null or address is not null group by 1`;
  return Object.fromEntries(rows.map(({ days, count }) => [days, count]));
}

test("address and device of a session go when it was last used, and ended, longer ago than SESSION_RETENTION_DAYS", async () => {
  await addSessions(2, 4, null);
  await addSessions(3, 6, null);
  await addSessions(4, 8, 4);
  await addSessions(5, 9, 6);
  await forgetDevices(server.app);
  expect(await devices()).toEqual({ 4: 2, 8: 4 });
  const [row] = await server.app.sql`select count(*)::int as count from sessions where address = '192.0.2.1'`;
  expect(row.count).toBe(6);
  server.clock.advance(2 * DAY_MS);
  await forgetDevices(server.app);
  expect(await devices()).toEqual({});
});

test("more than a batch goes at once, by two nodes beside each other; one whose row is held goes the next time", async () => {
  await addSessions(2500, 10, null);
  const held = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holder = server.app.sql.begin(async (tx) => {
    await tx`select id from sessions where user_agent is not null order by id limit 1 for update`;
    held.resolve();
    await release.promise;
  });
  await held.promise;
  await Promise.all([forgetDevices(server.app), forgetDevices(server.app)]);
  expect(await devices()).toEqual({ 10: 1 });
  release.resolve();
  await holder;
  await forgetDevices(server.app);
  expect(await devices()).toEqual({});
});

async function addAudit(count: number, daysAgo: number): Promise<void> {
  await server.app.sql`
    insert into audit_log (actor_id, action, target_type, target_id, created_at)
    select ${ann.id}, 'user_ban', 'user', n, now() - make_interval(days => ${daysAgo}) from generate_series(1, ${count}) n`;
}

test("audit rows go after AUDIT_RETENTION_DAYS, the others stay", async () => {
  await addAudit(2300, 8);
  await addAudit(40, 6);
  const count = async () => (await server.app.sql`select count(*)::int as count from audit_log`)[0].count;
  await Promise.all([forgetOldAudit(server.app), forgetOldAudit(server.app)]);
  await forgetOldAudit(server.app);
  expect(await count()).toBe(40);
  server.clock.advance(2 * DAY_MS);
  await forgetOldAudit(server.app);
  expect(await count()).toBe(0);
});
