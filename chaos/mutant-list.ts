/** A place in the code, and what stands there instead. The text is found exactly once. */
export type Edit = { file: string; find: string; replace: string };

/** A mistake in how events are delivered, and what must notice it. */
export type Mutant = {
  id: string;
  what: string;
  edits: readonly Edit[];
  /** As `npm test -- …` takes them. */
  tests: readonly string[];
  /** The seed of a run of chaos that must notice it as well. */
  chaosSeed?: number;
};

const SRC = "apps/server/src";
const COMPOSE = `${SRC}/compose.ts`;
const CONNECTION = `${SRC}/realtime/connection.ts`;
const FEED = `${SRC}/realtime/feed.ts`;
const JOBS = `${SRC}/jobs.ts`;
const OUTBOX = `${SRC}/realtime/outbox.ts`;
const REDIS = `${SRC}/platform/redis.ts`;
const SEED = 4242;

const NOTE = "this.#services.confirmations.note(this.#caller.userId, this.#caller.sessionId, this.position);";

/** One in ten of the sockets that `isOne` chooses is up to date once, and receives nothing after that. */
function neverLive(isOne: string): Edit {
  return {
    file: FEED,
    find: "  wentLive(): void {",
    replace: `  wentLive(): void {
    if (${isOne} && this.stream.userId % 10 === 3) this.outbox.receive = this.outbox.logAdvanced = () => {};`,
  };
}

export const MUTANTS: readonly Mutant[] = [
  {
    id: "m01",
    what: "the logs are not looked at every ten seconds",
    edits: [
      {
        file: JOBS,
        find: '{ name: "repair streams" satisfies RepairJob, everyMs: 10 * SECOND, run: repair },',
        replace: "",
      },
    ],
    tests: ["delivery-repairs", "-t", "of which nobody heard"],
  },
  {
    id: "m02",
    what: "a page skips the first event after the cursor",
    edits: [
      {
        file: `${SRC}/delivery/pages.ts`,
        find: "seq > w.after order by seq",
        replace: "seq > w.after + 1 order by seq",
      },
    ],
    tests: ["delivery/delivery.test", "-t", "nobody confirmed come again|several pages"],
    chaosSeed: SEED,
  },
  {
    id: "m03",
    what: "what is written counts as received",
    edits: [
      {
        file: CONNECTION,
        find: "    this.send(text);\n    if (this.#pings.owe(now))",
        replace: `    this.send(text);\n    ${NOTE}\n    if (this.#pings.owe(now))`,
      },
    ],
    tests: ["delivery/delivery.test", "-t", "nobody confirmed come again|confirms what was sent before it"],
  },
  {
    id: "m04",
    what: "channels are not subscribed again when Redis is back",
    edits: [
      {
        file: REDIS,
        find: "this.#unsettled = new Set(this.#wanted);",
        replace: "this.#unsettled = new Set();",
      },
    ],
    tests: ["cluster-repairs", "-t", "channels of users who stayed"],
  },
  {
    id: "m05",
    what: "what a transaction notes is published before its commit",
    edits: [
      {
        file: `${SRC}/delivery/commit.ts`,
        find: "return work(tx as PublishingTx);\n",
        replace: "return work(tx as PublishingTx).then((done) => (broker.publish(noted), done));\n",
      },
      { file: `${SRC}/delivery/commit.ts`, find: "  if (noted.length > 0) broker.publish(noted);\n", replace: "" },
    ],
    tests: ["delivery-commits"],
  },
  {
    id: "m06",
    what: "trimming takes one event too many",
    edits: [
      {
        file: `${SRC}/delivery/retention.ts`,
        find: " + (select count(*) from user_events f",
        replace: " - 1 + (select count(*) from user_events f",
      },
    ],
    tests: ["retention.test", "-t", "the newest so many"],
  },
  {
    id: "m07",
    what: "a socket that the server closes has received all it was written",
    edits: [
      {
        file: CONNECTION,
        find: "    this.#isClosing = true;\n    this.ended();",
        replace: `    this.#isClosing = true;\n    ${NOTE}\n    this.ended();`,
      },
    ],
    tests: ["delivery-closes"],
  },
  {
    id: "m08",
    what: "nothing is repaired when Redis is back",
    edits: [
      {
        file: COMPOSE,
        find: "Promise.all([repair(), app.socketCounts.announce(sockets.hub)])",
        replace: "Promise.all([app.socketCounts.announce(sockets.hub)])",
      },
    ],
    tests: ["cluster-repairs", "-t", "while Redis was dead"],
  },
  {
    id: "m09",
    what: "a gap is not closed after 20 ms",
    edits: [
      {
        file: OUTBOX,
        find: "if (this.#topSeq > this.#last.seq) this.#waitForMissing();",
        replace: "void (() => this.#waitForMissing());",
      },
    ],
    tests: ["delivery-races", "-t", "a gap, because one publication was lost"],
  },
  {
    id: "m10",
    what: "what is published while a page is read is forgotten",
    edits: [
      {
        file: OUTBOX,
        find: `      this.#topSeq = this.#last.seq;
      const page = await this.#untilAnswered(() => this.#port.readPage(this.#last.seq));`,
        replace: `      const page = await this.#untilAnswered(() => this.#port.readPage(this.#last.seq));
      this.#topSeq = this.#last.seq;`,
      },
    ],
    tests: ["delivery-repairs", "-t", "published without its frame while a page is read"],
  },
  {
    id: "m11",
    what: "a node that reconnects to Redis does not announce it to the others",
    edits: [{ file: REDIS, find: "this.publish({ channel: RECONNECTED_CHANNEL, text: this.nodeId });", replace: "" }],
    tests: ["cluster-repairs", "-t", "by a node that had lost Redis"],
  },
  {
    id: "m12",
    what: "a channel that is given up counts as subscribed until Redis has answered",
    edits: [
      {
        file: REDIS,
        find: `      for (const channel of surplus) this.#subscribed.delete(channel);
      if (surplus.length > 0) await this.#subscriber.unsubscribe(...surplus);`,
        replace: `      if (surplus.length > 0) await this.#subscriber.unsubscribe(...surplus);
      for (const channel of surplus) this.#subscribed.delete(channel);`,
      },
    ],
    tests: ["cluster-channels"],
  },
  {
    id: "m13",
    what: "one plain client in ten is never live",
    edits: [neverLive("!this.#client.isResumable")],
    tests: ["delivery-repairs", "-t", "whoever they are"],
  },
  {
    id: "m14",
    what: "one resumable client in ten is never live",
    edits: [neverLive("this.#client.isResumable")],
    tests: ["delivery-repairs", "-t", "whoever they are"],
  },
  {
    id: "m15",
    what: "plain clients get no message:seen and no admin:* from the log",
    edits: [
      {
        file: FEED,
        find: "(!isResumable && isForResumable(event.type))) return;",
        replace: `(!isResumable && isForResumable(event.type))) return;
    const isReplayed = this.outbox.state.kind !== "live";
    if (!isResumable && isReplayed && /^(message:seen|admin:.*)$/.test(event.type)) return;`,
      },
    ],
    tests: ["api/events.test", "-t", "while the client was away"],
  },
  {
    id: "m16",
    what: "a repair passes over who is behind by exactly one",
    edits: [
      {
        file: OUTBOX,
        find: "else this.logAdvanced(head.seq);",
        replace: "else if (head.seq !== this.#last.seq + 1) this.logAdvanced(head.seq);",
      },
    ],
    tests: ["delivery/delivery.test", "-t", "fetched by the next heartbeat"],
  },
  {
    id: "m17",
    what: "counters are never sent after a replay",
    edits: [
      {
        file: FEED,
        find: "if (this.#entry && (isResumable || this.#eventsSent > 0)) this.#latest.restore(this.#entry.counters);",
        replace: "",
      },
    ],
    tests: ["resumable.test", "-t", "an empty cursor means from now|from a cursor: everything since"],
  },
  {
    id: "m18",
    what: "what was committed while the database was away is not repaired",
    edits: [
      {
        file: JOBS,
        find: "if (isRepairDue || isOtherDatabase) await repair();",
        replace: "if (!isRepairDue && isOtherDatabase) await repair();",
      },
    ],
    tests: ["delivery-repairs", "-t", "while the database could not be asked"],
  },
  {
    id: "m19",
    what: "where a session begins is not written down",
    edits: [
      {
        file: `${SRC}/realtime/handshake.ts`,
        find: "    await services.confirmations.place({ userId, sessionId, at: start.at });",
        replace: "",
      },
    ],
    tests: ["delivery/delivery.test", "-t", "a device that was away gets"],
  },
  {
    id: "m20",
    what: "a poll does not look at the floor",
    edits: [
      {
        file: `${SRC}/features/events/events.ts`,
        find: '  if (page.floorSeq > at.seq) return resetTo(app, userId, { resume: "reset", at: page.top, reason: "too_old" });',
        replace: "",
      },
    ],
    tests: ["events-poll", "-t", "trimmed between the look at its head"],
  },
];
