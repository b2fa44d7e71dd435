import { readAnswer } from "./answer.ts";
import type { FilePart } from "./file-part.ts";
import type { AnswerOf, CallOptions } from "./operation.ts";
import { formOf, requestOf } from "./request.ts";
import type { Schemas } from "./schemas.ts";
import type { TokenSource } from "./token-source.ts";
import { sendByFetch, sendByXhr, type Target } from "./transport.ts";

/** The fields of a video, with its `file`. `duration` is in seconds. */
export type VideoUpload = Omit<Schemas["UploadVideo"], "file" | "url" | "duration"> & {
  file: FilePart;
  duration?: number;
};

export type UploadOptions = CallOptions & {
  /**
   * Is called with the part of the upload that has been sent, from 0 to 1; without an XMLHttpRequest (in Node and Bun)
   * with 0 and 1 alone. It begins again at 0 if the upload has to be repeated with another token. What it throws is
   * ignored.
   */
  onProgress?: (fraction: number) => void;
};

export async function uploadVideo(
  target: Target,
  tokens: TokenSource,
  video: VideoUpload,
  { signal, onProgress }: UploadOptions = {},
): Promise<AnswerOf<"createVideo">> {
  const report = (fraction: number) => {
    try {
      onProgress?.(fraction);
    } catch {
      // A broken progress bar is no reason to give an upload up.
    }
  };
  const request = { ...requestOf("createVideo", {}), body: formOf(video) };
  const hasSteps = onProgress && !target.fetch && typeof XMLHttpRequest !== "undefined";
  return await tokens.use(async (token) => {
    const sent = { ...request, token, signal };
    report(0);
    const raw = await (hasSteps ? sendByXhr(target, sent, report) : sendByFetch(target, sent));
    const { data } = await readAnswer(raw, signal);
    report(1);
    return data as AnswerOf<"createVideo">;
  }, signal);
}
