import type { Confirmations } from "../delivery/confirmations.ts";
import type { Replay } from "../delivery/replay.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import type { Connection } from "./connection.ts";

/** What a connection reads from and reports to. */
export type ConnectionServices = {
  replay: Replay;
  confirmations: Confirmations;
  /** Of this database: part of every cursor. */
  epoch: string;
  clock: Clock;
  log: Logger;
  /** Called when events were written that no ping has carried yet. */
  wrote(connection: Connection): void;
  /** Called when the account's standing may have changed. */
  recheck(connection: Connection): void;
};
