import { connect, createServer, type Server, type Socket } from "node:net";

type Pair = { client: Socket; upstream: Socket; isSilenced: boolean };

/** A stretch of network between a client and a server, which can be cut, or swallow everything without a word. */
export class FaultyNetwork {
  readonly url: string;
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #state: "whole" | "cut" | "silent" = "whole";

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Before a URL, or the socket of a database. */
  static async before(target: string): Promise<FaultyNetwork> {
    const { hostname, port } = target.startsWith("/") ? { hostname: "", port: "" } : new URL(target);
    return await FaultyNetwork.between(() => (port === "" ? connect(target) : connect(Number(port), hostname)));
  }

  /** `dial` connects to the server, however it is reached. */
  static async between(dial: () => Socket): Promise<FaultyNetwork> {
    const server = createServer((client) => network.#carry(client, dial()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const network = new FaultyNetwork(server, (server.address() as { port: number }).port);
    return network;
  }

  /** Every connection ends, and so does each new one. */
  cut(): void {
    this.#state = "cut";
    for (const pair of this.#pairs) end(pair);
  }

  /** Connections stay, and nothing comes through any more. */
  silence(): void {
    this.#state = "silent";
    for (const pair of this.#pairs) pair.isSilenced = true;
  }

  /** The same for one connection only. */
  silenceNewest(): void {
    for (const pair of [...this.#pairs].slice(-1)) pair.isSilenced = true;
  }

  /** Works again. Connections that were silenced are not known any more. */
  mend(): void {
    this.#state = "whole";
    for (const pair of this.#pairs) if (pair.isSilenced) end(pair);
  }

  /** Works again for new connections. Those that were silenced stay as they are: neither end hears of the other. */
  mendForNew(): void {
    this.#state = "whole";
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #carry(client: Socket, upstream: Socket): void {
    const pair = { client, upstream, isSilenced: this.#state === "silent" };
    this.#pairs.add(pair);
    const pass = (from: Socket, to: Socket) => {
      from.on("data", (chunk) => pair.isSilenced || to.write(chunk));
      from.on("error", () => end(pair));
      from.on("close", () => {
        if (pair.isSilenced) return;
        this.#pairs.delete(pair);
        end(pair);
      });
    };
    pass(client, upstream);
    pass(upstream, client);
    if (this.#state === "cut") end(pair);
  }
}

function end({ client, upstream }: Pair): void {
  client.destroy();
  upstream.destroy();
}
