import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InstanceRunning, lockInstance, socketPath } from "./instance-lock.ts";

const root = mkdtempSync(join(tmpdir(), "reelay-lock-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Says "ready"; told to go, says "won" or the name and pid of the error; holds what it won until its input ends. */
const contender = `
  import { lockInstance } from ${JSON.stringify(import.meta.resolve("./instance-lock.ts"))};
  console.log("ready");
  for await (const _ of console) {
    await lockInstance(process.argv[1]).then(() => console.log("won"), (e) => console.log(e.name + " " + e.pid));
  }
`;

test("a second instance is refused with the pid of the first", async () => {
  const dataDir = newFolder("second");
  const lock = await lockInstance(dataDir);
  const refused = await lockInstance(dataDir).catch((error) => error);
  expect(refused).toBeInstanceOf(InstanceRunning);
  expect(refused.pid).toBe(process.pid);
  expect(refused.message).toBe(
    `Reelay is already running on ${dataDir} (pid ${process.pid}). Stop it first, or choose another DATA_DIR.`,
  );
  await lock.release();
});

test("a released folder is free, and a late second release does not take it from its next holder", async () => {
  const dataDir = newFolder("released");
  const first = await lockInstance(dataDir);
  await first.release();
  const second = await lockInstance(dataDir);
  await first.release();
  await expect(lockInstance(dataDir)).rejects.toBeInstanceOf(InstanceRunning);
  await second.release();
});

test("the socket is its owner's only", async () => {
  const dataDir = newFolder("mode");
  const lock = await lockInstance(dataDir);
  expect(statSync(join(dataDir, "reelay.lock.sock")).mode & 0o777).toBe(0o600);
  await lock.release();
});

test("the folder of a killed instance is taken over", async () => {
  const dataDir = newFolder("killed");
  const holder = await contend(dataDir);
  expect(await holder.go()).toBe("won");
  const refused = await lockInstance(dataDir).catch((error) => error);
  expect(refused.pid).toBe(holder.pid);
  await holder.kill();
  expect(existsSync(join(dataDir, "reelay.lock.sock"))).toBe(true);
  await (await lockInstance(dataDir)).release();
});

test("of many who take over a dead instance's folder at once, exactly one wins", async () => {
  const dataDir = newFolder("race");
  const dead = await contend(dataDir);
  await dead.go();
  await dead.kill();
  const contenders = await Promise.all(Array.from({ length: 6 }, () => contend(dataDir)));
  const answers = await Promise.all(contenders.map((each) => each.go()));
  const winner = contenders[answers.indexOf("won")];
  const expected = contenders.map((each) => (each === winner ? "won" : `InstanceRunning ${winner?.pid}`));
  expect(answers).toEqual(expected);
  await Promise.all(contenders.map((each) => each.kill()));
});

test("an instance too busy to answer keeps its folder", async () => {
  const dataDir = newFolder("busy");
  const holder = await contend(dataDir);
  await holder.go();
  process.kill(holder.pid, "SIGSTOP");
  const refused = await lockInstance(dataDir).catch((error) => error);
  expect(refused).toBeInstanceOf(InstanceRunning);
  expect(refused.pid).toBeUndefined();
  await holder.kill();
});

test("a path too long for a unix socket moves to the temporary folder", async () => {
  const dataDir = newFolder("long".repeat(30));
  const lock = await lockInstance(dataDir);
  expect(readdirSync(dataDir)).toEqual(["reelay.lock"]);
  expect(existsSync(socketPath(join(dataDir, "reelay.lock.sock")))).toBe(true);
  await expect(lockInstance(dataDir)).rejects.toBeInstanceOf(InstanceRunning);
  await lock.release();
});

test("a plain file in the socket's place is no holder", async () => {
  const dataDir = newFolder("file");
  writeFileSync(join(dataDir, "reelay.lock.sock"), "");
  await (await lockInstance(dataDir)).release();
});

function newFolder(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  return folder;
}

async function contend(dataDir: string) {
  const child = Bun.spawn([process.execPath, "-e", contender, dataDir], { stdin: "pipe", stdout: "pipe" });
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const line = async () => (await output.read()).value?.trim();
  expect(await line()).toBe("ready");
  return {
    pid: child.pid,
    go() {
      child.stdin.write("go\n");
      child.stdin.flush();
      return line();
    },
    kill() {
      child.kill("SIGKILL");
      return child.exited;
    },
  };
}
