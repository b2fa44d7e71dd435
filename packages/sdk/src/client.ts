import type { ApiResponse } from "./answer.ts";
import { OPERATIONS } from "./generated/operations.ts";
import { type AnswerOf, type ArgumentsOf, type CallOptions, callOnce } from "./operation.ts";
import { isPublic, type OperationName } from "./request.ts";
import type { Session } from "./session.ts";
import { createTokenSource, type GetToken, type TokenSource } from "./token-source.ts";
import type { Target } from "./transport.ts";
import { type UploadOptions, uploadVideo, type VideoUpload } from "./upload.ts";

export type ClientOptions = Target &
  ({ session: Pick<Session, "getToken">; getToken?: never } | { getToken: GetToken; session?: never });

type Parameters<Name extends OperationName> =
  Record<string, never> extends ArgumentsOf<Name>
    ? [values?: ArgumentsOf<Name>, options?: CallOptions]
    : [values: ArgumentsOf<Name>, options?: CallOptions];

type Call<Name extends OperationName> = {
  /** @throws ReelayError */
  (...parameters: Parameters<Name>): Promise<AnswerOf<Name>>;
  /** The same call, answered with its status and what its headers say: of a list, the `cursor` of the events. */
  withResponse(...parameters: Parameters<Name>): Promise<ApiResponse<AnswerOf<Name>>>;
};

/** Every operation of the API by its name. */
export type Api = { readonly [Name in keyof typeof OPERATIONS]: Call<Name> };

export type Client = {
  readonly api: Api;
  /**
   * Publishes a video whose bytes are sent along.
   * @throws ReelayError
   */
  uploadVideo(video: VideoUpload, options?: UploadOptions): Promise<AnswerOf<"createVideo">>;
};

/**
 * A client of one server, for whoever `session`, or a `getToken` of the app's own, says is signed in. Nothing is sent
 * before a method is called.
 */
export function createClient(options: ClientOptions): Client {
  const { session } = options;
  const getToken: GetToken = session ? (request) => session.getToken(request) : options.getToken;
  const tokens = createTokenSource(getToken);
  const names = Object.keys(OPERATIONS) as OperationName[];
  return {
    api: Object.fromEntries(names.map((name) => [name, callOf(options, tokens, name)])) as Api,
    uploadVideo: (video, uploadOptions) => uploadVideo(options, tokens, video, uploadOptions),
  };
}

function callOf<Name extends OperationName>(target: Target, tokens: TokenSource, name: Name): Call<Name> {
  const withResponse = async (values = {} as ArgumentsOf<Name>, { signal }: CallOptions = {}) => {
    const send = (token: string | null) => callOnce(target, name, values, { token, signal });
    return await (isPublic(name) ? send(null) : tokens.use(send, signal));
  };
  const call = async (values?: ArgumentsOf<Name>, options?: CallOptions) => (await withResponse(values, options)).data;
  return Object.assign(call, { withResponse }) as Call<Name>;
}
