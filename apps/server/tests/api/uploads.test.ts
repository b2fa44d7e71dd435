import { expect, test } from "bun:test";
import { Video } from "@reelay/contract";
import {
  accepted,
  call,
  ebml,
  mp4,
  type Parts,
  PICTURES,
  refused,
  sendForm,
  serverForFile,
  somebody,
} from "@reelay/testkit";

const MB = 1024 * 1024;

const { server } = serverForFile();

const bytesOf = async (url: string) => Buffer.from(await (await fetch(server.url + url)).arrayBuffer());

test("a file in a form becomes a video; its fields may come before and after it, unknown parts are ignored", async () => {
  const ann = await somebody(server);
  const file = mp4();
  const fields: Parts = [
    ["title", "  Xin chào 👋  "],
    ["description", "two\nlines"],
    ["visibility", "public"],
  ];
  const orders: Parts[] = [
    [...fields, ["file", file]],
    [["file", file], ...fields],
    [fields[0]!, ["extra", Buffer.alloc(100_000)], ["file", file], ["other", "x"], ...fields.slice(1)],
  ];
  for (const parts of orders) {
    const video = await accepted(server, parts, ann);
    expect(video).toMatchObject({
      title: "Xin chào 👋",
      description: "two\nlines",
      visibility: "public",
      thumbUrl: null,
    });
    expect(video).toMatchObject({
      ownerId: ann.id,
      username: ann.username,
      duration: 12.5,
      viewsCount: 0,
      isLiked: false,
    });
    expect(video.owner).toMatchObject({ id: ann.id, username: ann.username, isFollowing: false });
    expect(video.url).toMatch(/^\/api\/v1\/media\/videos\/[\w-]+\.mp4$/);
    expect((await bytesOf(video.url)).equals(file)).toBe(true);
  }
  expect((await ann.get("/users/me")).body.videoCount).toBe(3);
});

test("MP4, QuickTime and WebM are told by their bytes, whatever they are called, and served as what they are", async () => {
  const kinds: [Buffer, string][] = [
    [mp4(), "video/mp4"],
    [mp4({ brand: "M4V " }), "video/mp4"],
    [mp4({ brand: "qt  " }), "video/quicktime"],
    [mp4().subarray(24), "video/quicktime"],
    [ebml(), "video/webm"],
  ];
  for (const [content, type] of kinds) {
    const video = await accepted(server, [
      ["title", "x"],
      ["file", content, "picture.png"],
    ]);
    const response = await fetch(server.url + video.url);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("a file that is something else is refused, whatever it is called, and nothing of it stays", async () => {
  const others = {
    "a page": Buffer.from("<!doctype html><script>alert(1)</script>"),
    "a picture": PICTURES.jpg,
    "an AVIF picture": mp4({ brand: "avif" }),
    "a HEIC picture": mp4({ brand: "heic" }),
    "a song": mp4({ brand: "M4A " }),
    "a Matroska file": ebml("matroska"),
    "a few bytes": Buffer.from("\0\0\0"),
    zeros: Buffer.alloc(10_000),
  };
  for (const [what, content] of Object.entries(others)) {
    expect([
      what,
      await refused(server, [
        ["title", "x"],
        ["file", content, "video.mp4"],
      ]),
    ]).toEqual([what, [422, "UNSUPPORTED_FILE", []]]);
  }
  expect(
    await refused(server, [
      ["title", "x"],
      ["file", Buffer.alloc(0), "video.mp4"],
    ]),
  ).toEqual([422, "UNSUPPORTED_FILE", []]);
});

test("fields that are missing or wrong are named, with the file before or after them", async () => {
  const file: Parts = [["file", mp4()]];
  const wrong: [Parts, string[]][] = [
    [[], ["title"]],
    [[["title", "   "]], ["title"]],
    [[["title", "x".repeat(201)]], ["title"]],
    [[["title", "bad\0"]], ["title"]],
    [
      [
        ["title", "x"],
        ["visibility", "secret"],
      ],
      ["visibility"],
    ],
    [
      [
        ["title", "x"],
        ["duration", "-1"],
      ],
      ["duration"],
    ],
    [
      [
        ["title", "x"],
        ["duration", "NaN"],
      ],
      ["duration"],
    ],
    [
      [
        ["title", "x"],
        ["duration", "1e3"],
      ],
      ["duration"],
    ],
    [
      [
        ["title", "x"],
        ["description", "x".repeat(5001)],
      ],
      ["description"],
    ],
    [
      [
        ["title", "x"],
        ["url", "https://example.com/v.mp4"],
      ],
      ["url"],
    ],
    [
      [
        ["title", "x"],
        ["thumb_url", "ftp://example.com/"],
        ["visibility", "x"],
      ],
      ["thumbUrl", "visibility"],
    ],
  ];
  for (const [fields, paths] of wrong) {
    for (const parts of [
      [...file, ...fields],
      [...fields, ...file],
    ]) {
      const [status, code, found] = await refused(server, parts);
      expect([fields, status, code, found.sort()]).toEqual([fields, 422, "VALIDATION_ERROR", paths]);
    }
  }
  expect(await refused(server, [["title", "x"]])).toEqual([422, "VALIDATION_ERROR", ["file"]]);
  expect(
    await refused(server, [
      ["title", "x"],
      ["url", ""],
    ]),
  ).toEqual([422, "VALIDATION_ERROR", ["file"]]);
  expect(await refused(server, [["title", "x"], ...file, ...file])).toEqual([422, "VALIDATION_ERROR", ["file"]]);
  expect(await refused(server, [["title", "x".repeat(70_000)], ...file])).toEqual([413, "PAYLOAD_TOO_LARGE", []]);
});

test("a url, in a form or as JSON, in place of a file; only http and https", async () => {
  const ann = await somebody(server);
  const url = "https://example.com/v.mp4?a=1";
  const inForm = await accepted(
    server,
    [
      ["title", "x"],
      ["url", url],
      ["duration", "7.25"],
      ["file", Buffer.alloc(0), ""],
    ],
    ann,
  );
  expect(inForm).toMatchObject({ url, duration: 7.25, thumbUrl: null, visibility: "public", description: null });
  const body = { title: "x", url, thumb_url: "http://example.com/t.jpg", visibility: "hidden", duration: 3, more: 1 };
  const asJson = await ann.post("/videos", body);
  expect(asJson.status).toBe(201);
  expect(Video.parse(asJson.body)).toMatchObject({ url, thumbUrl: body.thumb_url, visibility: "private", duration: 3 });
  for (const bad of [
    "javascript:alert(1)",
    "ftp://example.com/x",
    "file:///etc/passwd",
    "example.com",
    "http://",
    "",
    5,
    null,
  ]) {
    const { status, body } = await ann.post("/videos", { title: "x", url: bad });
    expect([bad, status, body.error?.details?.map((detail: any) => detail.path)]).toEqual([bad, 422, ["url"]]);
  }
  expect((await ann.post("/videos", { title: "x" })).status).toBe(422);
  expect((await ann.post("/videos", { url })).status).toBe(422);
  expect((await call(server.url, "POST", "/videos", { body })).status).toBe(401);
});

test("no address in a private network, by whatever spelling, and none with credentials", async () => {
  const ann = await somebody(server);
  const good = "https://example.com/v.mp4";
  const hosts = [
    ...["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "%6cocalhost", "①②⑦.0.0.1", "127.0.0.1."],
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    ...["255.255.255.255", "224.0.0.1", "[::]", "[::1]", "[fc00::1]", "[fdff::1]", "[fe80::1]", "[febf::1]"],
    ...["[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"],
    ...["localhost", "LocalHost:8080", "localhost.", "localhost..", "a.localhost", "printer.local", "db.internal"],
    ...["intranet", "user@example.com", "user:pass@example.com", ":pass@example.com"],
  ];
  for (const host of hosts) {
    const bad = `http://${host}/x.mp4`;
    const asJson = await ann.post("/videos", { title: "x", url: good, thumbUrl: bad });
    const inForm = await sendForm(ann, [
      ["title", "x"],
      ["url", bad],
    ]);
    const outcomes = [asJson, inForm].map(({ status, body }) => [status, body.error?.details?.[0].path]);
    expect([bad, ...outcomes]).toEqual([bad, [422, "thumbUrl"], [422, "url"]]);
  }
  for (const host of ["8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700::1]", "localhost.example", "xlocal.com:81"]) {
    const { status } = await ann.post("/videos", { title: "x", url: `http://${host}/x.mp4`, thumbUrl: good });
    expect([host, status]).toEqual([host, 201]);
  }
});

test("a thumbnail is a PNG, JPEG or WebP of at most 2 MB", async () => {
  for (const [kind, content] of Object.entries(PICTURES)) {
    const video = await accepted(server, [
      ["thumb", content, "x.bin"],
      ["title", "x"],
      ["file", mp4()],
    ]);
    expect(video.thumbUrl).toMatch(new RegExp(`^/api/v1/media/thumbs/[\\w-]+\\.${kind}$`));
    expect((await bytesOf(video.thumbUrl!)).equals(content)).toBe(true);
  }
  const filled = (size: number) => Buffer.concat([PICTURES.png, Buffer.alloc(size - PICTURES.png.length)]);
  const withThumb = (content: Buffer): Parts => [
    ["title", "x"],
    ["file", mp4()],
    ["thumb", content],
  ];
  expect((await accepted(server, withThumb(filled(2 * MB)))).thumbUrl).not.toBeNull();
  expect(
    (
      await accepted(server, [
        ["title", "x"],
        ["file", mp4()],
        ["thumb", Buffer.alloc(0), ""],
      ])
    ).thumbUrl,
  ).toBeNull();
  expect(await refused(server, withThumb(filled(2 * MB + 1)))).toEqual([413, "PAYLOAD_TOO_LARGE", []]);
  expect(await refused(server, withThumb(Buffer.from("GIF89a")))).toEqual([422, "UNSUPPORTED_FILE", []]);
  expect(await refused(server, withThumb(Buffer.alloc(0)))).toEqual([422, "UNSUPPORTED_FILE", []]);
});

test("the duration is that of the header, wherever it stands, unless another is given; else null", async () => {
  const durationOf = async (content: Buffer, ...more: Parts) =>
    (await accepted(server, [["title", "x"], ["file", content], ...more])).duration;
  expect(await durationOf(mp4({ seconds: 61.234, moov: "first" }))).toBe(61.233);
  expect(await durationOf(mp4({ seconds: 90, moov: "last", version: 1 }))).toBe(90);
  expect(await durationOf(mp4({ seconds: 90, moov: "last", version: 0, size: 2 * MB }))).toBe(90);
  expect(await durationOf(mp4({ seconds: 90 }), ["duration", "4"])).toBe(4);
  for (const moov of ["first", "last"] as const) {
    for (const version of [0, 1] as const) {
      for (const seconds of [-1, 0, 5_000_000]) expect(await durationOf(mp4({ seconds, moov, version }))).toBeNull();
    }
  }
  expect(await durationOf(mp4({ moov: "none" }))).toBeNull();
  expect(await durationOf(ebml())).toBeNull();
  const file = mp4({ moov: "last" });
  for (let length = 30; length < file.length; length += 331) {
    expect(await durationOf(file.subarray(0, length))).toBeNull();
  }
  const endless = Buffer.concat([mp4().subarray(0, 24), Buffer.alloc(2 * MB, Buffer.from("\0\0\0\x08free", "latin1"))]);
  expect(await durationOf(endless)).toBeNull();
  const looping = Buffer.concat([mp4().subarray(0, 24), Buffer.from("\0\0\0\x01free\0\0\0\0\0\0\0\0", "latin1")]);
  expect(await durationOf(looping)).toBeNull();
});
