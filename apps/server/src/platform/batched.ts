import DataLoader from "dataloader";
import { isDatabaseAway } from "./postgres.ts";

const MAX_BATCH_SIZE = 256;
const MAX_IN_FLIGHT = 2;

/**
 * Turns an operation over many inputs into one over a single input: callers that arrive while two batches are in
 * flight gather in the next one. This is group commit at the application: a caller is answered when the statement that
 * holds their input has committed.
 *
 * `run` returns one result an input, in order, and is all or nothing: when it throws, the batch is halved until the
 * input that makes it throw is alone, and only that caller is rejected.
 */
export function batched<Context extends object, In, Out>(
  run: (context: Context, inputs: readonly In[]) => Promise<Out[]>,
): (context: Context, input: In) => Promise<Out> {
  const loaders = new WeakMap<Context, DataLoader<In, Out>>();
  return (context, input) => {
    let loader = loaders.get(context);
    if (!loader) {
      loader = gatedLoader((inputs) => runHalving((part) => run(context, part), inputs));
      loaders.set(context, loader);
    }
    return loader.load(input);
  };
}

function gatedLoader<In, Out>(run: (inputs: readonly In[]) => Promise<(Out | Error)[]>): DataLoader<In, Out> {
  const waiting: (() => void)[] = [];
  let inFlight = 0;
  const dispatch = (batch: () => void) => {
    inFlight++;
    // dataloader schedules before it adds the first input, so a batch must not be dispatched in the same breath.
    queueMicrotask(batch);
  };
  return new DataLoader<In, Out>(
    async (inputs) => {
      try {
        return await run(inputs);
      } finally {
        inFlight--;
        const next = waiting.shift();
        if (next) dispatch(next);
      }
    },
    {
      cache: false,
      maxBatchSize: MAX_BATCH_SIZE,
      batchScheduleFn: (batch) => (inFlight < MAX_IN_FLIGHT ? dispatch(batch) : void waiting.push(batch)),
    },
  );
}

async function runHalving<In, Out>(
  run: (inputs: readonly In[]) => Promise<Out[]>,
  inputs: readonly In[],
): Promise<(Out | Error)[]> {
  try {
    return await run(inputs);
  } catch (error) {
    if (inputs.length === 1 || isDatabaseAway(error)) return inputs.map(() => asError(error));
    const middle = inputs.length >> 1;
    const first = await runHalving(run, inputs.slice(0, middle));
    return [...first, ...(await runHalving(run, inputs.slice(middle)))];
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
