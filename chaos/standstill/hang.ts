import { call } from "./people.ts";
import { liveness, observe } from "./probe.ts";
import type { Measure } from "./results.ts";
import type { Server } from "./server.ts";
import type { Scenario, Stand } from "./stand.ts";

const KEY_UNDERSCORES = 60_000;

/** One anonymous request whose keys are long runs of underscores: how long nobody else is answered. */
export const hang: Scenario = { point: 1, run };

async function run(stand: Stand): Promise<Measure[]> {
  const server = await stand.start();
  const probes = { healthz: liveness(server) };
  const { latencies: quiet } = await observe(probes, () => Bun.sleep(stand.sizes.quietMs));
  const measures: Measure[] = [];
  const { formUnderscores } = stand.sizes;
  const attacks = {
    [`JSON key of ${KEY_UNDERSCORES} underscores`]: () => sendKey(server),
    [`form name of ${formUnderscores} underscores at the login`]: () => sendForm(server, formUnderscores),
  };
  for (const [name, attack] of Object.entries(attacks)) {
    const { result: status, latencies } = await observe(probes, attack);
    const what = `${name}: /healthz silent for at most`;
    const measure = { point: 1, what, unit: "ms", value: latencies.healthz.max, quiet: quiet.healthz.max } as const;
    measures.push({ ...measure, note: `answered ${status}` });
  }
  return measures;
}

async function sendKey({ url }: Server): Promise<number> {
  const body = { [`${"_".repeat(KEY_UNDERSCORES)}!`]: 1 };
  return (await call(url, "POST", "/api/v1/auth/refresh", { body })).status;
}

async function sendForm({ url }: Server, underscores: number): Promise<number> {
  const name = `${"_".repeat(underscores)}!`;
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=x" },
    body: `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nv\r\n--x--\r\n`,
    signal: AbortSignal.timeout(120_000),
  }).catch(() => null);
  return response?.status ?? 0;
}
