import { join } from "node:path";
import type { Video } from "./videos.ts";

/** A video file and a picture of it. */
export type Clip = { video: Blob; thumb: Blob };

type Wanted = Pick<Video, "scene" | "seconds">;
type Options = { ffmpeg?: string | null; signal?: AbortSignal };

const BUNDLED = ["sunset", "ball", "colours"];
const VIDEO = [
  "-c:v",
  "libx264",
  "-preset",
  "ultrafast",
  "-crf",
  "30",
  "-pix_fmt",
  "yuv420p",
  "-movflags",
  "+faststart",
];
const THUMB = ["-frames:v", "1", "-q:v", "5"];

/** A clip for each video, made by ffmpeg in `folder`; where there is none, or one that cannot, the bundled clips in turn. */
export async function makeClips(
  videos: readonly Wanted[],
  folder: string,
  { ffmpeg = Bun.which("ffmpeg"), signal }: Options = {},
): Promise<Clip[]> {
  const isMade = ffmpeg !== null && (await encode(ffmpeg, videos, folder, signal));
  return videos.map((_, index) => clipAt(isMade ? join(folder, `${index}`) : bundledPath(index)));
}

/** All in one run, because most of a short one is its start. False when this ffmpeg lacks a source, a filter, the encoder. */
async function encode(
  ffmpeg: string,
  videos: readonly Wanted[],
  folder: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const inputs = videos.flatMap(({ scene: [source, ...filters], seconds }) => {
    const sized = `${source}${source.includes("=") ? ":" : "="}size=144x256:rate=15`;
    return ["-f", "lavfi", "-t", `${seconds}`, "-i", [sized, ...filters].join(",")];
  });
  const outputs = videos.flatMap((_, index) => {
    const from = ["-map", `${index}:v`];
    return [...from, ...VIDEO, `${index}.mp4`, ...from, ...THUMB, `${index}.jpg`];
  });
  const child = Bun.spawn([ffmpeg, "-nostdin", "-loglevel", "error", ...inputs, ...outputs], {
    cwd: folder,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    signal,
  });
  return (await child.exited) === 0;
}

function bundledPath(index: number): string {
  return join(import.meta.dir, "../../apps/server/samples", BUNDLED[index % BUNDLED.length]!);
}

function clipAt(path: string): Clip {
  return { video: Bun.file(`${path}.mp4`), thumb: Bun.file(`${path}.jpg`) };
}
