import { ReelayError } from "../src/index.ts";

/** What a call rejects with: always a ReelayError. */
export async function rejection(call: Promise<unknown>): Promise<ReelayError> {
  const error = await call.then(
    (value) => new Error(`It resolved to ${JSON.stringify(value)}.`),
    (thrown) => thrown,
  );
  if (error instanceof ReelayError) return error;
  throw error;
}

/** Its code and its status. */
export async function refusal(call: Promise<unknown>): Promise<[string, number]> {
  const { code, status } = await rejection(call);
  return [code, status];
}
