import { CLOSE, type CloseReason, MAX_FRAME_BYTES } from "@reelay/contract";
import type { Server, ServerWebSocket, WebSocketHandler } from "bun";
import type { Channels } from "../delivery/channels.ts";
import type { Publication } from "../delivery/publication.ts";
import { wait } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { Connection, type ConnectionServices } from "./connection.ts";
import { evictSilent, HANDSHAKE, type Handshake, type HandshakeServices, refusalFor } from "./handshake.ts";
import { Hub } from "./hub.ts";
import { type Breaches, handleFrame, type InboundServices, type ParsedFrame, parseFrame } from "./inbound.ts";
import { LifeSigns } from "./life-signs.ts";
import { readSocketRequest, type SocketRequest } from "./socket-request.ts";
import { Sweep } from "./sweep.ts";

/** Frames of one client that wait to be handled; one that sends on regardless is cut off. */
const MAX_QUEUED_FRAMES = 200;
/** A client may close with any code it likes; these are counted by themselves. */
const COUNTED_CODES = new Set<number>([1000, 1001, 1006, ...Object.values(CLOSE).map(({ code }) => code)]);
/** What a socket may hold unsent; no client that reads at all comes near it. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** While the server stops, sockets are closed this often. */
const SLICE_MS = 100;

export type SocketData = SocketRequest & {
  /** Where the client connects from, when that is known. */
  address: string | undefined;
  openedAtMs: number;
  connection: Connection | null;
  /** The handshake, then every frame after the one before it. */
  work: Promise<void>;
  queued: number;
  lifeSigns: LifeSigns;
  breaches: Breaches | null;
  isGone: boolean;
};

export type SocketServices = Omit<HandshakeServices, "hub" | "onConnected"> &
  Omit<InboundServices, "authenticator" | "clock"> & {
    channels: Channels;
    /** Where a client connects from, past trusted proxies. `peer` is the other end of the connection. */
    addressOf(request: Request, peer: string | undefined): string | undefined;
    /** Counts a socket that ended with that code. */
    closed(code: string): void;
    /** A client that reads nothing for that long is closed; 0: never. */
    stallMs: number;
    log: Logger;
    /** The steps between a verified token and a live socket, for a test to put barriers between. */
    handshake?: Handshake;
  };

/** The live side of the server: accepts sockets, carries their frames in and publications out. */
export class Sockets {
  readonly hub: Hub;
  readonly sweep: Sweep;
  readonly websocket: WebSocketHandler<SocketData>;
  readonly #services: SocketServices;
  readonly #connectionServices: ConnectionServices;
  /** Every accepted socket, from its first moment: the hub knows them only once their user is known. */
  readonly #accepted = new Set<ServerWebSocket<SocketData>>();
  #isStopping = false;

  constructor(services: SocketServices) {
    this.#services = services;
    this.hub = new Hub(services.channels);
    this.sweep = new Sweep(this.hub, services.clock);
    this.#connectionServices = {
      ...services,
      pingOwed: (connection) => this.sweep.pingOwed(connection),
      recheck: (connection) => void this.#recheck(connection),
    };
    this.websocket = {
      maxPayloadLength: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      sendPings: false,
      idleTimeout: 0,
      // The runtime answers pings, whether or not the client reads the answers.
      backpressureLimit: MAX_UNSENT_BYTES,
      closeOnBackpressureLimit: true,
      open: (ws) => {
        this.#accepted.add(ws);
        ws.data.work = this.#enter(ws);
      },
      message: (ws, raw) => this.#receive(ws, raw),
      ping: (ws, payload) => this.#noteLifeSign(ws, "control", payload.length),
      pong: (ws, payload) => this.#receivePong(ws, payload),
      drain: (ws) => ws.data.connection?.drained(),
      close: (ws, code) => {
        services.closed(COUNTED_CODES.has(code) ? String(code) : "other");
        this.#logClosed(ws.data, code);
        return this.#leave(ws);
      },
    };
  }

  /** Accepts the upgrade of any request that asks for a socket: its token is looked at after that. */
  upgrade(request: Request, server: Server<SocketData>): boolean {
    const asked = readSocketRequest(request);
    if (!asked) return false;
    const data: SocketData = {
      ...asked,
      address: this.#services.addressOf(request, server.requestIP(request)?.address),
      openedAtMs: this.#services.clock.monotonic(),
      connection: null,
      work: Promise.resolve(),
      queued: 0,
      lifeSigns: new LifeSigns(),
      breaches: null,
      isGone: false,
    };
    return server.upgrade(request, { data });
  }

  /** What was published for a user reaches the user's sockets on this node. */
  receive(publication: Publication): void {
    if (publication.kind !== "evict") return this.hub.receive(publication);
    evictSilent(publication.userId, { hub: this.hub, socketCounts: this.#services.socketCounts });
  }

  /**
   * Closes every socket, saying that the server restarts, and lets no other in. Spread over so many milliseconds, of which
   * each resumable client is sent its own: a crowd that is sent away at once comes back at once.
   */
  async stop(drainMs: number): Promise<void> {
    this.#isStopping = true;
    const sockets = [...this.#accepted];
    const slices = Math.ceil(drainMs / SLICE_MS);
    const sliceOf = (index: number) => Math.floor((index * slices) / sockets.length);
    for (const [index, ws] of sockets.entries()) ws.data.connection?.announceRestart(sliceOf(index) * SLICE_MS);
    for (let slice = 0; slice < slices && this.#accepted.size > 0; slice++) {
      for (const [index, ws] of sockets.entries()) if (sliceOf(index) === slice) end(ws, CLOSE.serverRestart);
      await wait(SLICE_MS);
    }
    for (const ws of this.#accepted) end(ws, CLOSE.serverRestart);
  }

  /** Closes every socket for its client to go to another node. */
  sendAway(): void {
    for (const ws of this.#accepted) end(ws, CLOSE.serverRestart);
  }

  async #enter(ws: ServerWebSocket<SocketData>): Promise<void> {
    try {
      const caller = await this.#services.authenticator.authenticate(ws.data.credential);
      if (ws.data.isGone || this.#isStopping) return end(ws, CLOSE.serverRestart);
      if (!caller) return end(ws, CLOSE.unauthorized);
      ws.data.connection = new Connection(ws, caller, ws.data.cursor, this.#connectionServices);
      await this.#shakeHands(ws.data, ws.data.connection);
    } catch (error) {
      this.#services.log.error({ err: error }, "a socket could not be opened");
      end(ws, CLOSE.serverRestart);
    }
  }

  async #shakeHands(data: SocketData, connection: Connection): Promise<void> {
    const onConnected = () => this.#noteConnected(data, connection);
    const services: HandshakeServices = { ...this.#services, hub: this.hub, onConnected };
    for (const [, step] of this.#services.handshake ?? HANDSHAKE) {
      const refusal = await step(connection, services);
      if (connection.isClosing || connection.isClosed()) return;
      if (refusal) return await connection.finish(refusal.reason, refusal.finalFrame);
    }
  }

  async #recheck(connection: Connection): Promise<void> {
    try {
      const standing = await this.#services.authenticator.standing(connection.caller);
      const revoked = connection.isConnected ? CLOSE.sessionRevoked : CLOSE.unauthorized;
      const refusal = refusalFor(standing, connection.caller, revoked);
      if (refusal) await connection.finish(refusal.reason, refusal.finalFrame);
    } catch (error) {
      this.#services.log.error({ err: error, userId: connection.caller.userId }, "a socket could not be rechecked");
      connection.close(CLOSE.serverRestart);
    }
  }

  #receive(ws: ServerWebSocket<SocketData>, raw: string | Buffer): void {
    const { connection } = ws.data;
    connection?.noteSignOfLife();
    if (connection?.isClosing) return;
    const parsed = parseFrame(raw);
    if (!parsed.ok) return this.#queueFrame(ws, parsed);
    switch (parsed.frame.type) {
      case "ack":
        return this.#receiveAck(ws, parsed.frame.data.cursor, raw.length);
      case "life_sign":
        return this.#noteLifeSign(ws, "frame", raw.length);
      default:
        return this.#queueFrame(ws, parsed);
    }
  }

  #receiveAck(ws: ServerWebSocket<SocketData>, cursor: string, bytes: number): void {
    const { connection } = ws.data;
    const isNews = connection?.receiveAck(cursor) ?? false;
    if (connection) this.#services.onActivity(connection.caller.userId);
    if (!isNews) this.#noteLifeSign(ws, "frame", bytes);
  }

  #receivePong(ws: ServerWebSocket<SocketData>, payload: Buffer): void {
    const isAnswer = ws.data.connection?.receivePong(payload.toString()) ?? false;
    if (!isAnswer) this.#noteLifeSign(ws, "control", payload.length);
  }

  /** Asks for nothing, takes no place in the queue, and has a bound of its own. */
  #noteLifeSign(ws: ServerWebSocket<SocketData>, kind: "control" | "frame", bytes: number): void {
    const { connection, lifeSigns } = ws.data;
    if (connection?.isClosing) return;
    connection?.noteSignOfLife();
    if (!lifeSigns.take(kind, bytes, this.#services.clock.monotonic())) end(ws, CLOSE.abuse);
  }

  #queueFrame(ws: ServerWebSocket<SocketData>, parsed: ParsedFrame): void {
    const { data } = ws;
    if (data.queued >= MAX_QUEUED_FRAMES) return end(ws, CLOSE.abuse);
    data.queued++;
    data.work = data.work
      .then(async () => {
        data.queued--;
        const { connection } = data;
        if (connection && !connection.isClosing) await handleFrame(connection, parsed, data, this.#services);
      })
      .catch((error) => {
        this.#services.log.error({ err: error }, "a frame could not be handled");
        end(ws, CLOSE.serverRestart);
      });
  }

  async #leave(ws: ServerWebSocket<SocketData>): Promise<void> {
    ws.data.isGone = true;
    this.#accepted.delete(ws);
    const { connection } = ws.data;
    if (!connection) return;
    connection.ended();
    this.hub.remove(connection);
    this.#services.socketCounts.update(connection.caller.userId, this.hub.countOf(connection.caller.userId));
    // Until it is written, a reconnect finds what this socket has proven in memory.
    await this.#services.confirmations.flush().catch(() => {});
  }

  #noteConnected(data: SocketData, connection: Connection): void {
    this.#services.onActivity(connection.caller.userId);
    this.#services.log.info(describe(data), "websocket opened");
  }

  #logClosed(data: SocketData, code: number): void {
    const durationMs = Math.round(this.#services.clock.monotonic() - data.openedAtMs);
    const events = data.connection?.eventsSent ?? 0;
    this.#services.log.info({ ...describe(data), code, durationMs, events }, "websocket closed");
  }
}

/** What the log says of a socket. Never its credential. */
function describe({ connection, cursor, address }: SocketData) {
  const { userId, sessionId } = connection?.caller ?? {};
  return { userId, sessionId, resumable: cursor !== null, address };
}

function end(ws: ServerWebSocket<SocketData>, reason: CloseReason): void {
  if (ws.data.isGone) return;
  if (ws.data.connection) ws.data.connection.close(reason);
  else ws.close(reason.code, reason.reason);
}
