import type { Logger } from "../platform/log.ts";
import { RedisLink, type RedisMessage } from "../platform/redis.ts";
import type { Broker } from "./broker.ts";
import type { Publication } from "./publication.ts";

/** Above this many characters only the number of an event travels, and a node that needs the event reads the log. */
const MAX_TEXT = 8192;

type Sent = Publication extends infer P ? (P extends Publication ? Omit<P, "userId"> : never) : never;
/** What one node sends to the others of one user. */
type Envelope = { from: string; sent: Sent[] };

export type RedisBroker = Broker & { link: RedisLink };

/**
 * Several nodes: what is published is received at once in the same process, and by every other node that has subscribed
 * the user's channel.
 * @throws RedisRefused
 */
export async function openRedisBroker(url: string, log: Logger): Promise<RedisBroker> {
  let receive: (publication: Publication) => void = () => {};
  let reconnected = () => {};
  const link = await RedisLink.open(url, {
    log,
    onMessage: (message) => {
      for (const publication of publicationsOf(message, link.nodeId, log)) receive(publication);
    },
    onReconnect: () => reconnected(),
  });
  return {
    link,
    publish(publications) {
      for (const publication of publications) receive(publication);
      for (const [userId, group] of Map.groupBy(publications, (publication) => publication.userId)) {
        link.publish({ channel: channelOf(userId), text: textOf(link.nodeId, group) });
      }
    },
    subscribe: (userId) => link.subscribe(channelOf(userId)),
    unsubscribe: (userId) => link.unsubscribe(channelOf(userId)),
    onReceive(receiver) {
      receive = receiver;
    },
    isConnected: () => link.isUp(),
    onReconnect(listener) {
      reconnected = listener;
    },
  };
}

function channelOf(userId: number): string {
  return `u:${userId}`;
}

function textOf(from: string, publications: readonly Publication[]): string {
  const sent = publications.map(({ userId: _, ...rest }) => rest as Sent);
  const text = JSON.stringify({ from, sent } satisfies Envelope);
  if (text.length <= MAX_TEXT) return text;
  return JSON.stringify({ from, sent: sent.map(withoutFrame) } satisfies Envelope);
}

function withoutFrame(sent: Sent): Sent {
  return sent.kind === "durable" ? { kind: "log_advanced", seq: sent.seq } : sent;
}

/** Our own envelopes come back as well: their publications were received before they were sent. */
function publicationsOf({ channel, text }: RedisMessage, ownId: string, log: Logger): Publication[] {
  const userId = Number(channel.slice("u:".length));
  try {
    const { from, sent } = JSON.parse(text) as Envelope;
    return from === ownId ? [] : sent.map((each) => ({ ...each, userId }) as Publication);
  } catch (error) {
    log.warn({ err: error, channel }, "a message over Redis was not understood");
    return [];
  }
}
