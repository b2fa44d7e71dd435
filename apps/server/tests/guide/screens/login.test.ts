import { expect, test } from "bun:test";
import { serverForFile } from "@reelay/testkit";
import { FrontEnd, refusal } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();

const WRONG = "Wrong account or password.";

test("the login screen: sign up, log in with the form, stay logged in, log out", async () => {
  const app = new FrontEnd(server);
  const account = { email: "an@example.com", username: "an.nguyen", password: "correct horse", full_name: "An Nguyễn" };
  const registered = await app.post("/auth/register", account);
  expectShape(registered, "ownUser");
  expect(registered).toMatchObject({ email: "an@example.com", fullName: "An Nguyễn", role: "user", status: "active" });
  expect(await refusal(app.post("/auth/register/", account))).toEqual([
    409,
    "That e-mail address is already registered.",
  ]);
  expect(await refusal(app.get("/users/me"))).toEqual([401, "Sign in to continue."]);

  expect(await refusal(app.login("an@example.com", "wrong horse"))).toEqual([401, WRONG]);
  expect(await refusal(app.login("nobody@example.com", "wrong horse"))).toEqual([401, WRONG]);
  const answer = await app.login("an@example.com", account.password);
  expectShape(answer, "login");
  expect(answer).toMatchObject({ token_type: "bearer", access_token: answer.accessToken, user: registered });
  expect(app.user).toEqual(registered);
  expect((await app.login("an.nguyen", account.password)).user.id).toBe(registered.id);
  const asJson = await app.post("/auth/login/", { email: account.email, password: account.password });
  expect(asJson.user).toEqual(registered);
  const verified = await app.post("/auth/verify-password", { email: account.email, password: account.password });
  expect(verified).toEqual({ valid: true });

  const refreshed = await app.post("/auth/refresh", { refresh_token: answer.refreshToken });
  expectShape(refreshed, "login");
  app.token = refreshed.access_token;
  expect(await app.connect()).toEqual({ type: "connected", userId: registered.id });
  const closed = app.next("closed");
  await app.post("/auth/logout/");
  expect(await closed).toEqual({ code: 4004, mayRetry: true });
  expect(await app.next("closed")).toEqual({ code: 4001, mayRetry: false });
  expect((await refusal(app.get("/users/me/")))[0]).toBe(401);
});

test("with a token that is not good the socket closes with 4001, and the app does not try again", async () => {
  const app = new FrontEnd(server);
  for (const token of ["", "undefined", "not.a.token"]) {
    app.token = token;
    const closed = app.next("closed");
    void app.connect();
    expect(await closed).toEqual({ code: 4001, mayRetry: false });
  }
});

test("after any other close the app connects again by itself, and no message is missing from its list", async () => {
  const [ann, bob] = [await FrontEnd.join(server, "ann"), await FrontEnd.join(server, "bob")];
  // A message may come twice when the socket broke before its receipt was proven: the list is by id.
  const list = new Map<number, string>();
  bob.on("message:new", ({ id, content }) => list.set(id, content));
  await bob.connect();
  for (const content of ["one", "two", "three"]) {
    const [closed, back] = [bob.next("closed"), bob.next("connected")];
    bob.send("message:typing", { tooLong: "x".repeat(17 * 1024) });
    expect(await closed).toEqual({ code: 1009, mayRetry: true });
    const arrived = bob.until("message:new", (message) => message.content === content);
    await ann.post("/messages/", { receiver_id: bob.user.id, content });
    expect((await back).userId).toBe(bob.user.id);
    await arrived;
  }
  expect([...list.values()]).toEqual(["one", "two", "three"]);
  await bob.goOffline();
});
