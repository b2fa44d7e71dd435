import type { Findings } from "./check.ts";
import type { World } from "./device.ts";

/** What a run found, ready to be printed. */
export type Report = { rows: [string, string | number][]; violations: string[] };

export type Facts = {
  seconds: number;
  seed: number;
  writers: number;
  writes: number;
  devices: number;
  /** Of the devices, those whose first connection came during the faults. */
  newcomers: number;
  counts: Readonly<Record<string, number | string>>;
  /** From the healing of everything until the devices that stayed connected had all. */
  repairedMs: number;
  /** From the reconnect of all until the last one had all. */
  caughtUpMs: number;
};

export function reportOf(facts: Facts, { tally, violations, timing }: World, findings: Findings): Report {
  const count = (wanted: string) => violations.filter(({ kind }) => kind === wanted).length;
  const { lost, disordered, wrong, drift, forgotten } = findings;
  const pace = timing.report();
  return {
    rows: [
      ["seed", facts.seed],
      ["seconds", facts.seconds],
      ["writers", facts.writers],
      ["writes", facts.writes],
      ["devices", facts.devices],
      ["devices that came during the faults", facts.newcomers],
      ["events", findings.events],
      ...Object.entries(facts.counts),
      ["readers stalled", tally.stalls],
      ["lines that went silent", tally.vanished],
      ["connections that answered no ping", tally.muteSessions],
      ["connects", tally.connects],
      ["resumed from a cursor", tally.resumes],
      ["polls over REST", tally.polls],
      ["second sockets from one cursor", tally.duplicateSockets],
      ["signed in again", tally.renewed],
      ["reset by a database that went back", tally.resets],
      ["events trimmed from logs", findings.trimmed],
      ["reset because what follows was trimmed", tally.trimmed],
      ["acknowledged and forgotten by that database", forgotten],
      ["lost", lost.length],
      ["doubled, with a cursor", count("doubled")],
      ["doubled, plain (allowed)", tally.doubled],
      ["disordered", count("disordered") + disordered.length],
      ["wrong", count("wrong") + wrong.length],
      ["too slow", timing.violations.length],
      ["counters drifted", drift.length],
      ...pace,
      ["connected devices up to date after (ms)", facts.repairedMs],
      ["reconnected devices up to date after (ms)", facts.caughtUpMs],
    ],
    violations: [
      ...violations.map(({ what }) => what),
      ...lost,
      ...disordered,
      ...wrong,
      ...timing.violations,
      ...drift,
    ],
  };
}

export function table(rows: Report["rows"]): string {
  return rows.map(([name, value]) => `${name.padEnd(50)} ${String(value).padStart(20)}`).join("\n");
}
