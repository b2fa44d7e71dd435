import { afterAll, beforeAll, expect, test } from "bun:test";
import { call, processesOf, ServerProcess, TestSocket, temporaryFolder, waitFor } from "@reelay/testkit";
import { openPostgres } from "../../src/platform/postgres.ts";
import { runningConnection } from "../../src/platform/postgres-home.ts";

/*
 * kill -9 under load, of the server and of its Postgres in turn. Senders keep what was acknowledged; receivers keep what
 * their sockets showed. Afterwards everything acknowledged must be there, everything must have been shown in order, and
 * the numbers of every log must be without a gap. KILL_ROUNDS sets the number of rounds.
 */

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 4);
const SENDERS = 6;
const ACKNOWLEDGED_A_ROUND = 60;

type Account = { id: number; token: string };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder.remove());

const env = { RATE_MESSAGES_PER_MINUTE: "0", LOG_LEVEL: "fatal" };

async function signUp(url: string, username: string): Promise<Account> {
  const account = { email: `${username}@example.com`, username, password: "correct horse" };
  await call(url, "POST", "/auth/register", { body: account });
  const { body } = await call(url, "POST", "/auth/login", { body: account });
  return { id: body.user.id, token: body.accessToken };
}

/** Sends one message after the other until told to stop; every acknowledged one is noted. */
async function keepSending(
  url: () => string,
  from: Account,
  to: Account,
  sent: Map<number, string>,
  on: () => boolean,
) {
  for (let n = 0; on(); n++) {
    const content = `${from.id}:${sent.size}:${n}`;
    try {
      const body = { receiverId: to.id, content };
      const answer = await call(url(), "POST", "/messages/", { token: from.token, body });
      if (answer.status === 201) sent.set(answer.body.id, content);
      else expect(answer.status).toBe(503);
    } catch {
      // The server is down: not acknowledged, tried again.
      await new Promise(setImmediate);
    }
  }
}

async function killPostgres(): Promise<void> {
  const { stdout } = Bun.spawnSync(["ps", "-eo", "pid=,ppid=,args="]);
  const pids = await processesOf(folder.path);
  const postmaster = stdout
    .toString()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([pid, , ...args]) => pids.includes(Number(pid)) && args.join(" ").includes("bin/postgres -D"));
  process.kill(Number(postmaster![0]), "SIGKILL");
}

function idsOf(socket: TestSocket): number[] {
  return socket.of("message:new").map((frame) => frame.data.id);
}

/** Waits until the socket, with what earlier ones had shown, has shown every acknowledged message. */
async function allShown(shown: number[], socket: TestSocket, acknowledged: Map<number, string>): Promise<void> {
  await waitFor(() => {
    const ever = new Set([...shown, ...idsOf(socket)]);
    return [...acknowledged.keys()].every((id) => ever.has(id)) ? true : undefined;
  });
}

/** The number of each message's event in a user's log, in the order of the log. */
async function readLog(userId: number): Promise<Map<number, number>> {
  const sql = openPostgres(await runningConnection(folder.path), 1);
  const rows: { id: number; seq: number }[] = await sql`
    select subject_id::float8 as id, seq::float8 as seq from user_events where user_id = ${userId} order by seq`;
  await sql.close();
  return new Map(rows.map(({ id, seq }) => [id, seq]));
}

test(`${ROUNDS} rounds of kill -9 under load, of the server and of its Postgres: nothing acknowledged is lost`, async () => {
  let server = ServerProcess.spawn(folder.path, env);
  let url = await server.url();
  const receiver = await signUp(url, "receiver");
  const senders = await Promise.all(Array.from({ length: SENDERS }, (_, n) => signUp(url, `sender${n}`)));
  const acknowledged = new Map<number, string>();
  const shown: number[] = [];
  const sockets: number[][] = [];

  for (let round = 0; round < ROUNDS; round++) {
    const target = acknowledged.size + ACKNOWLEDGED_A_ROUND;
    const socket = TestSocket.open(url, receiver.token);
    let isSending = true;
    const sending = senders.map((from) =>
      keepSending(
        () => url,
        from,
        receiver,
        acknowledged,
        () => isSending,
      ),
    );
    await waitFor(() => (acknowledged.size >= target ? true : undefined));
    const isServer = round % 2 === 0;
    if (isServer) server.kill("SIGKILL");
    else await killPostgres();
    if (isServer) {
      await server.exited;
      server = ServerProcess.spawn(folder.path, env);
      url = await server.url();
    }
    await waitFor(() => (acknowledged.size >= target + ACKNOWLEDGED_A_ROUND ? true : undefined));
    isSending = false;
    await Promise.all(sending);
    if (!isServer) {
      await allShown(shown, socket, acknowledged);
      await socket.close();
    }
    const ids = idsOf(socket);
    expect(ids).toEqual([...new Set(ids)]);
    shown.push(...ids);
    sockets.push(ids);
  }

  const last = TestSocket.open(url, receiver.token);
  await last.next("connected");
  await allShown(shown, last, acknowledged);

  sockets.push(idsOf(last));
  const seqs = await readLog(receiver.id);
  expect([...seqs.values()]).toEqual(Array.from({ length: seqs.size }, (_, n) => n + 1));
  for (const ids of sockets) {
    const order = ids.map((id) => seqs.get(id)!);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }

  const inbox = new Map<number, string>();
  for (const sender of senders) {
    let before = "";
    for (;;) {
      const page = await call(url, "GET", `/messages/conversation/${sender.id}?limit=100${before}`, {
        token: receiver.token,
      });
      for (const message of page.body) inbox.set(message.id, message.content);
      if (page.body.length < 100) break;
      before = `&before_id=${page.body[0].id}`;
    }
  }
  expect([...acknowledged].filter(([id, content]) => inbox.get(id) !== content)).toEqual([]);
  expect((await call(url, "GET", "/messages/unread/count", { token: receiver.token })).body).toBe(inbox.size);
  server.kill("SIGTERM");
  await server.exited;
}, 300_000);
