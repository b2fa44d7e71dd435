import { expect, test } from "bun:test";

import {
  type Person,
  peopleOf,
  startTestServer,
  type TestServer,
  type TestServerOptions,
  waitFor,
  withStep,
} from "@reelay/testkit";

import type { Broker } from "../../src/delivery/broker.ts";
import { openLocalBroker } from "../../src/delivery/broker-local.ts";
import type { Page } from "../../src/delivery/pages.ts";
import type { Publication } from "../../src/delivery/publication.ts";
import type { Replay } from "../../src/delivery/replay.ts";
import { trimLogs } from "../../src/delivery/retention.ts";
import { HANDSHAKE, type Handshake } from "../../src/realtime/handshake.ts";

/*
 * What can go wrong between a commit and a socket, each forced to happen, twice: as the server is, where it must do no
 * harm, and with the repair of it switched off, where it must be seen to do harm. Those of a connect are in
 * handshake-races.test.ts.
 */

type Scene = { server: TestServer; ann: Person; bob: Person };

async function onStage<T>(options: TestServerOptions, play: (scene: Scene) => Promise<T>): Promise<T> {
  const server = await startTestServer(options);
  const [ann, bob] = await peopleOf(server, "ann", "bob");
  try {
    return await play({ server, ann, bob });
  } finally {
    await server.stop();
  }
}

async function send({ ann, bob }: Scene, ...contents: string[]): Promise<void> {
  for (const content of contents) await ann.post("/messages/", { receiverId: bob.id, content });
}

/** A broker that treats the publications of some messages in its own way. */
function brokerThat(treat: (content: string, publications: readonly Publication[]) => readonly Publication[]): Broker {
  const broker = openLocalBroker();
  return {
    ...broker,
    publish(publications) {
      const told = publications.find(({ kind }) => kind === "durable") as { frame: string } | undefined;
      broker.publish(treat(told ? (JSON.parse(told.frame).data.content ?? "") : "", publications));
    },
  };
}

/** A log that answers, after its first page, that there is nothing in it. */
function blindAfterStart(replay: Replay): Replay {
  const nothing: Page = { events: [], floorSeq: 0, top: { seq: 0, mark: 0 }, markAfter: null, isFull: false };
  const started = new Set<number>();
  return {
    ...replay,
    page: async (userId, ...rest) => {
      // It ends where the log does, and holds nothing of it.
      if (started.has(userId)) return { ...nothing, top: (await replay.page(userId, ...rest)).top };
      started.add(userId);
      return await replay.page(userId, ...rest);
    },
  };
}

async function whatArrives(scene: Scene, act: () => Promise<void>): Promise<string[]> {
  const socket = await scene.bob.resume();
  await act();
  await socket.all("message:new", 1);
  await socket.settled();
  return socket.of("message:new").map((frame) => frame.data.content);
}

const loseOne = () => brokerThat((content, all) => (content === "lost" ? [] : all));

async function gap(options: TestServerOptions): Promise<string[]> {
  return await onStage({ ...options, broker: loseOne(), without: ["repair streams"] }, async (scene) => {
    const socket = await scene.bob.resume();
    await send(scene, "lost", "next");
    // The one after it comes live again, whatever became of those two.
    const [connection] = scene.server.running.sockets.hub.of(scene.bob.id);
    await waitFor(() => (connection!.position.seq >= 2 ? true : undefined));
    await send(scene, "last");
    await socket.settled();
    return socket.of("message:new").map((frame) => frame.data.content);
  });
}

test("a gap, because one publication was lost: the log is read, and everything arrives in order", async () => {
  expect(await gap({})).toEqual(["lost", "next", "last"]);
});

test("… and is a gap for the client when the log is not read", async () => {
  expect(await gap({ replay: blindAfterStart })).toEqual(["last"]);
});

async function publishedTwice(secondTime: (publication: Publication) => Publication): Promise<string[]> {
  const broker = openLocalBroker();
  const twice: Broker = {
    ...broker,
    publish(publications) {
      broker.publish(publications);
      broker.publish(publications.map(secondTime));
    },
  };
  return await onStage({ broker: twice }, async (scene) => await whatArrives(scene, () => send(scene, "once")));
}

test("an event that is published twice arrives once", async () => {
  expect(await publishedTwice((publication) => publication)).toEqual(["once"]);
});

test("… and twice when it has another number the second time: nothing else tells that it is the same", async () => {
  const asNext = (publication: Publication): Publication =>
    publication.kind === "durable"
      ? { ...publication, seq: publication.seq + 1, afterMark: publication.mark }
      : publication;
  expect(await publishedTwice(asNext)).toEqual(["once", "once"]);
});

async function neverPublished(repair: (scene: Scene) => Promise<void>): Promise<string[]> {
  return await onStage({ broker: brokerThat(() => []) }, async (scene) => {
    const socket = await scene.bob.resume();
    await send(scene, "committed");
    await repair(scene);
    await socket.settled();
    return socket.of("message:new").map((frame) => frame.data.content);
  });
}

test("a sender that crashes between commit and publication: the heartbeat finds what it committed", async () => {
  const beat = async ({ server, bob }: Scene) => {
    await server.running.repair();
    const [connection] = server.running.sockets.hub.of(bob.id);
    await waitFor(() => (connection!.position.seq >= 1 ? true : undefined));
  };
  expect(await neverPublished(beat)).toEqual(["committed"]);
});

test("… and nobody hears of it without the heartbeat", async () => {
  expect(await neverPublished(async () => {})).toEqual([]);
});

async function committedWhileAway(handshake: Handshake): Promise<string[]> {
  return await onStage({ broker: brokerThat(() => []), handshake }, async (scene) => {
    await send(scene, "while away");
    const socket = await scene.bob.connect();
    await socket.settled();
    return socket.of("message:new").map((frame) => frame.data.content);
  });
}

test("what was committed while nobody listened is in the backlog of the next connect", async () => {
  expect(await committedWhileAway(HANDSHAKE)).toEqual(["while away"]);
});

test("… and is lost when the backlog is not read", async () => {
  expect(await committedWhileAway(withStep("backlog", async () => undefined))).toEqual([]);
});

async function trimmedMeanwhile(options: TestServerOptions): Promise<{ resets: number; contents: string[] }> {
  return await onStage({ ...options, env: { RATE_MESSAGES_PER_MINUTE: "0" } }, async (scene) => {
    const before = await scene.bob.resume();
    const { cursor } = before.of("sync:synced")[0]!.data;
    await before.close();
    await send(scene, ...Array.from({ length: 120 }, (_, n) => `m${n}`));
    await trimLogs(scene.server.app.sql, { before: new Date(0), eventsPerUser: 100 });
    const socket = await scene.bob.resume(cursor);
    const contents = socket.of("message:new").map((frame) => frame.data.content);
    return { resets: socket.of("sync:reset").length, contents };
  });
}

test("a log that was trimmed above a cursor: a reset, and nothing of the part that is left", async () => {
  expect(await trimmedMeanwhile({})).toEqual({ resets: 1, contents: [] });
});

test("… and a part of it, as if it were all, when the floor is not looked at", async () => {
  const floorless = (replay: Replay): Replay => ({
    ...replay,
    head: async (...args) => ({ ...(await replay.head(...args)), floorSeq: 0 }),
    page: async (...args) => ({ ...(await replay.page(...args)), floorSeq: 0 }),
  });
  const { resets, contents } = await trimmedMeanwhile({ replay: floorless });
  expect([resets, contents.length]).toEqual([0, 100]);
});
