import { z } from "zod";
import contract from "../package.json" with { type: "json" };
import {
  CLIENT_FRAME_ALIASES,
  CLIENT_FRAMES,
  type ClientFrameType,
  LIFE_SIGNS,
  MAX_FRAME_BYTES,
} from "./client-frames.ts";
import { CLOSE } from "./close-codes.ts";
import { EVENT_SUMMARIES, EVENTS, type EventType, isForResumable } from "./events.ts";
import { Connected, ErrorFrame, Ping, StaffQueue, SYNC_FRAMES, type SyncFrameType } from "./frames.ts";

type Frame = {
  /** Who sends it: a type like `message:new` or `error` means one thing from a server, another from a client. */
  from: "server" | "client";
  type: string;
  summary: string;
  payload: z.ZodType;
  extensions?: Record<`x-${string}`, unknown>;
};

const SYNC_SUMMARIES: Record<SyncFrameType, string> = {
  "sync:hello": "After `connected`: where this socket goes on from, and whether that is where the client asked for",
  "sync:synced": "Everything that happened before this socket was opened has been sent",
  "sync:reset": "There is no going on from the client's cursor: load these paths, go on from the cursor given here",
  "sync:reconnect": "The server is about to restart: reconnect after that long, with this cursor",
};

const CLIENT_SUMMARIES: Record<ClientFrameType, string> = {
  "message:mark_seen": "Marks received messages as seen. At least one of the two fields; both mean the intersection",
  "notification:mark_seen": "Marks notifications as seen",
  "message:typing": "Shows the other side that this user types; ends by itself after 5 s",
  "auth:refresh": "Replaces the token of this connection. No reply; a bad one is answered with `error` UNAUTHORIZED",
  ack: "Everything up to the cursor was processed. At most every 2 s or 50 events; costs nothing, gets no reply",
};

const INFO = `The conversation over the socket, from the view of the server: it \`send\`s what a client hears and \`receive\`s
what a client says. Every frame is one JSON text frame with a \`type\`.

The upgrade is always accepted; who may not come in is told so by a close code (\`x-close-codes\`). The first frame is
\`connected\`. Any inbound frame is a sign of life; without one for 60 s the socket is closed. What a client says wrong is
answered with \`error\`, and the socket stays. \`/api/v1/ws/{token}\` opens the same socket, for clients that write the token
into the path; it is never logged. Keys are accepted in snake_case as well, unknown ones are ignored.

A socket opened with \`cursor\` is resumable: durable frames carry \`seq\` and \`cursor\` beside \`type\` and \`data\`, and what is
marked \`x-resumable-only\` comes too. Opened again with the last cursor it was given, it gets every event since, once, in
order. A plain socket sees none of this.

Each event has a class (\`x-event-class\`). \`durable\`: in the user's log, comes in order, and again until it is known to
have arrived. \`latest\`: an absolute value, of which only the newest matters. \`ephemeral\`: to who is there, once.`;

/** The AsyncAPI 3.0.0 document of the socket, from the schemas that the server itself parses and returns. */
export function asyncApiDocument(): object {
  const frames = [...serverFrames(), ...clientFrames()];
  return {
    asyncapi: "3.0.0",
    info: { title: "Reelay socket", version: contract.version, description: INFO, license: LICENSE },
    defaultContentType: "application/json",
    servers: {
      local: {
        host: "localhost:3000",
        protocol: "ws",
        description: "A server started with its defaults; wss behind a proxy that ends TLS.",
        security: [{ $ref: "#/components/securitySchemes/token" }, { $ref: "#/components/securitySchemes/bearer" }],
      },
    },
    channels: { socket: channel(frames) },
    operations: Object.fromEntries(frames.map((frame) => [operationName(frame), operation(frame)])),
    components: {
      messages: Object.fromEntries(frames.map((frame) => [messageName(frame), message(frame)])),
      securitySchemes: {
        token: { type: "httpApiKey", in: "query", name: "token", description: "An access token, or a ticket." },
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      },
    },
  };
}

const LICENSE = { name: contract.license, url: "https://opensource.org/licenses/MIT" };

const RESUMABLE_ONLY = { "x-resumable-only": true };

function serverFrames(): Frame[] {
  const events = Object.entries(EVENTS).map(([type, { class: eventClass, data }]) => ({
    from: "server" as const,
    type,
    summary: EVENT_SUMMARIES[type as EventType],
    payload: z.strictObject({ type: z.literal(type), data }),
    extensions: { "x-event-class": eventClass, ...(isForResumable(type as EventType) && RESUMABLE_ONLY) },
  }));
  const sync = Object.entries(SYNC_FRAMES).map(([type, data]) => ({
    from: "server" as const,
    type,
    summary: SYNC_SUMMARIES[type as SyncFrameType],
    payload: z.strictObject({ type: z.literal(type), data }),
    extensions: RESUMABLE_ONLY,
  }));
  return [
    { from: "server", type: "connected", summary: "The first frame of every connection", payload: Connected },
    ...events,
    ...sync,
    {
      from: "server",
      type: "staff:queue",
      summary: "How much waits for moderation, when it changes; to moderators and admins",
      payload: StaffQueue,
      extensions: RESUMABLE_ONLY,
    },
    { from: "server", type: "ping", summary: "Every 30 s; answer with any frame", payload: Ping },
    {
      from: "server",
      type: "error",
      summary: "What the client said was refused; the socket stays",
      payload: ErrorFrame,
    },
  ];
}

function clientFrames(): Frame[] {
  const named = Object.entries(CLIENT_FRAMES).map(([type, data]) => ({
    from: "client" as const,
    type,
    summary: CLIENT_SUMMARIES[type as ClientFrameType],
    payload: z.object({ type: z.literal(type), data }),
  }));
  const aliases = Object.entries(CLIENT_FRAME_ALIASES).map(([type, target]) => ({
    from: "client" as const,
    type,
    summary: `Another name of ${target}`,
    payload: z.object({ type: z.literal(type), data: CLIENT_FRAMES[target] }),
    extensions: { "x-alias-of": target },
  }));
  const lifeSigns = [...LIFE_SIGNS].map((type) => ({
    from: "client" as const,
    type,
    summary: "A sign of life: costs nothing, gets no reply",
    payload: z.object({ type: z.literal(type) }),
  }));
  return [...named, ...aliases, ...lifeSigns];
}

function channel(frames: Frame[]): object {
  const names = frames.map(messageName);
  const token = { type: "string", description: "An access token, or a ticket of POST /api/v1/ws/ticket." };
  const cursor = { type: "string", description: "Makes the socket resumable. Empty: from now on." };
  return {
    address: "/api/v1/ws",
    description:
      `One socket of one user, who may have ten. A frame of a client is at most ${MAX_FRAME_BYTES} bytes long. ` +
      "The token may also be the last part of the path: `/api/v1/ws/{token}`.",
    servers: [{ $ref: "#/servers/local" }],
    messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: {
      ws: { method: "GET", query: { type: "object", properties: { token, cursor } }, bindingVersion: "0.1.0" },
    },
    "x-close-codes": Object.values(CLOSE)
      .map(({ code, reason, client }) => ({ code, reason, client }))
      .toSorted((a, b) => a.code - b.code),
  };
}

function operation(frame: Frame): object {
  return {
    action: frame.from === "server" ? "send" : "receive",
    channel: { $ref: "#/channels/socket" },
    summary: frame.summary,
    messages: [{ $ref: `#/channels/socket/messages/${messageName(frame)}` }],
  };
}

function message({ from, type, summary, payload, extensions }: Frame): object {
  return { name: type, title: type, summary, payload: jsonSchema(payload, from), ...extensions };
}

/** Draft 7 without references, which is AsyncAPI's own dialect. */
function jsonSchema(payload: z.ZodType, from: Frame["from"]): object {
  const { $schema, ...schema } = z.toJSONSchema(payload, {
    target: "draft-7",
    io: from === "server" ? "output" : "input",
    metadata: z.registry(),
    override: ({ zodSchema, jsonSchema }) => {
      const { example, description } = z.globalRegistry.get(zodSchema) ?? {};
      if (example !== undefined) jsonSchema.examples = [example];
      if (description !== undefined) jsonSchema.description = description;
      // It repeats in three hundred characters what the format says.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
  return schema;
}

function operationName(frame: Frame): string {
  return (frame.from === "server" ? "send" : "receive") + pascalCase(frame.type);
}

function messageName({ from, type }: Frame): string {
  return from + pascalCase(type);
}

function pascalCase(type: string): string {
  return type.replace(/(?:^|[:_])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
