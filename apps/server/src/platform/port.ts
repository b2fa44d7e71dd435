/** Another program listens where this one was told to. */
export class PortTaken extends Error {
  override name = "PortTaken";

  constructor({ host, port }: Address) {
    super(`Port ${port} on ${host} is taken by another program. Choose another PORT.`);
  }
}

export type Address = Readonly<{ host: string; port: number }>;

/** Whether a failure to listen means that another program does. */
export function isPortTaken(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === "EADDRINUSE";
}

/** Whether nobody listens there. */
export function isPortFree({ host, port }: Address): boolean {
  try {
    Bun.listen({ hostname: host, port, socket: { data() {} } }).stop(true);
    return true;
  } catch (error) {
    if (isPortTaken(error)) return false;
    throw error;
  }
}
