import { Attack, attackFor } from "./attack.ts";
import { makePeople, type Person, tryLogIn } from "./people.ts";
import { messages, observe, type Probe } from "./probe.ts";
import type { Measure } from "./results.ts";
import type { Server } from "./server.ts";
import type { Scenario, Stand } from "./stand.ts";

const LOOPS = 400;
const ABANDONED_AFTER_MS = 3;
const REFUSED_PAUSE_MS = 100;
const SUCCEEDS_WITHIN_MS = 300_000;

/** Strangers who make accounts without end, and strangers who do not wait for theirs: what logins and messages take. */
export const signUps: Scenario = { point: 5, run };

async function run(stand: Stand): Promise<Measure[]> {
  const server = await stand.start();
  const [visitor, sender, receiver] = (await makePeople(server, "person", 3)) as [Person, Person, Person];
  using message = await messages(server, sender, receiver);
  const login: Probe = async () => (await tryLogIn(server.url, visitor.email)).status === 200;
  const probes = { login, message };
  const { quietMs, windowMs, abandoned } = stand.sizes;
  const { latencies: quiet } = await observe(probes, () => Bun.sleep(quietMs));
  const { latencies, result: tally } = await observe(probes, () =>
    attackFor(windowMs, { kind: "register", url: server.url, loops: LOOPS }),
  );
  const afterLoops = await nextLogin(server, visitor);
  const note = `${((tally["201"] ?? 0) / (windowMs / 1000)).toFixed(0)} accounts/s`;
  await new Attack({ kind: "abandon", url: server.url, count: abandoned, afterMs: ABANDONED_AFTER_MS }).tally;
  const afterAbandoned = await nextLogin(server, visitor);
  const once = { point: 5, unit: "ms", quiet: quiet.login.p50 } as const;
  const failed = latencies.login.failed > 0 ? `, ${latencies.login.failed} logins refused` : "";
  const p50 = `p50 under ${LOOPS} loops of sign-up`;
  return [
    { ...once, what: `login ${p50}`, value: latencies.login.p50, note: note + failed },
    { ...once, what: `message ${p50}`, value: latencies.message.p50, quiet: quiet.message.p50 },
    { ...once, what: "the next login after them", ...afterLoops },
    { ...once, what: `the next login after ${abandoned} abandoned sign-ups`, ...afterAbandoned },
  ];
}

/** As somebody sees it who asks again until it succeeds. */
async function nextLogin({ url }: Server, { email }: Person): Promise<{ value: number; note?: string }> {
  const startedMs = performance.now();
  for (let attempts = 1; ; attempts++) {
    const { status } = await tryLogIn(url, email);
    const value = performance.now() - startedMs;
    if (status === 200) return { value, note: attempts > 1 ? `at attempt ${attempts}` : undefined };
    if (value > SUCCEEDS_WITHIN_MS) return { value, note: `not even then: ${status}` };
    await Bun.sleep(REFUSED_PAUSE_MS);
  }
}
