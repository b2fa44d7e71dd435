import { type BatchedWrite, batchedWrites } from "../platform/batched-writes.ts";
import type { Logger } from "../platform/log.ts";
import type { Broker } from "./broker.ts";
import type { Publication } from "./publication.ts";

type Publisher = { readonly broker: Broker; readonly log: Logger };

export type BatchedCommit<Context, In, Out> = Omit<BatchedWrite<Context, In, Out>, "publish"> & {
  /** What is to be published of what was committed. */
  publicationsOf(context: Context, results: readonly Out[]): Publication[] | Promise<Publication[]>;
  /** The events that a result appended. */
  appendedBy(result: Out): readonly { userId: number; seq: number | null }[];
};

/**
 * `batchedWrites` for an operation that appends events within its statement: they are published after the commit. When
 * what is to be published cannot be read, the users' sockets read it from the log.
 */
export function batchedCommits<Context extends Publisher, In, Out>({
  publicationsOf,
  appendedBy,
  ...write
}: BatchedCommit<Context, In, Out>): (context: Context, input: In) => Promise<Out> {
  return batchedWrites<Context, In, Out>({
    ...write,
    async publish(context, results) {
      try {
        context.broker.publish(await publicationsOf(context, results));
      } catch (error) {
        context.log.warn({ err: error }, "events could not be read to be published, sockets read them from the log");
        context.broker.publish(
          results
            .flatMap(appendedBy)
            .flatMap(({ userId, seq }) => (seq === null ? [] : [{ kind: "log_advanced", userId, seq }])),
        );
      }
    },
  });
}
