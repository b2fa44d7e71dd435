import type { Findings } from "./check.ts";
import type { World } from "./devices.ts";

/** What a run found, ready to be printed. */
export type Report = { rows: [string, string | number][]; breaches: string[] };

export type Facts = {
  seconds: number;
  seed: number;
  writers: number;
  writes: number;
  devices: number;
  faults: Readonly<Record<string, number>>;
  /** From the healing of everything until the devices that stayed connected had all. */
  repairedMs: number;
  /** From the reconnect of all until the last one had all. */
  caughtUpMs: number;
};

export function reportOf(facts: Facts, { tally, breaches }: World, findings: Findings): Report {
  const count = (wanted: string) => breaches.filter(({ kind }) => kind === wanted).length;
  const { lost, disordered, wrong, drift } = findings;
  return {
    rows: [
      ["seed", facts.seed],
      ["seconds", facts.seconds],
      ["writers", facts.writers],
      ["writes", facts.writes],
      ["devices", facts.devices],
      ["events", findings.events],
      ...Object.entries(facts.faults),
      ["readers stalled", tally.stalls],
      ["connects", tally.connects],
      ["resumed from a cursor", tally.resumes],
      ["polls over REST", tally.polls],
      ["second sockets from one cursor", tally.twins],
      ["resets", tally.resets],
      ["lost", lost.length],
      ["doubled, with a cursor", count("doubled")],
      ["doubled, plain (allowed)", tally.doubled],
      ["disordered", count("disordered") + disordered.length],
      ["wrong", count("wrong") + wrong.length],
      ["counters drifted", drift.length],
      ["connected devices up to date after (ms)", facts.repairedMs],
      ["reconnected devices up to date after (ms)", facts.caughtUpMs],
    ],
    breaches: [...breaches.map(({ what }) => what), ...lost, ...disordered, ...wrong, ...drift],
  };
}

export function table(rows: Report["rows"]): string {
  return rows.map(([name, value]) => `${name.padEnd(42)} ${String(value).padStart(10)}`).join("\n");
}
