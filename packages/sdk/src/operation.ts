import { type ApiResponse, readAnswer } from "./answer.ts";
import type { operations } from "./generated/schema.ts";
import { type OperationName, requestOf } from "./request.ts";
import { sendByFetch, type Target } from "./transport.ts";

type Given<Part> = NonNullable<Part> extends infer Fields ? ([Fields] extends [never] ? unknown : Fields) : never;
type Content<Media> = Media extends { "application/json": infer Body }
  ? Body
  : Media extends { "multipart/form-data": infer Form }
    ? Form
    : unknown;
type BodyOf<Operation> = Operation extends { requestBody?: never }
  ? unknown
  : Operation extends { requestBody: { content: infer Media } }
    ? Content<Media>
    : Operation extends { requestBody?: { content: infer Media } }
      ? Partial<Content<Media>>
      : never;
type Flat<Fields> = unknown extends Fields ? Record<string, never> : { [Name in keyof Fields]: Fields[Name] };
type Answered<Response> = Response extends { content: { "application/json": infer Data } } ? Data : Blob;

/** What an operation takes: what its path, query and body are made of, in one flat object. */
export type ArgumentsOf<Name extends OperationName> = Flat<
  Given<operations[Name]["parameters"]["path"]> &
    Given<operations[Name]["parameters"]["query"]> &
    BodyOf<operations[Name]>
>;

/** What an operation answers. */
export type AnswerOf<Name extends OperationName> = Answered<
  operations[Name]["responses"][keyof operations[Name]["responses"]]
>;

export type CallOptions = {
  /** Ends the call: it rejects with `ABORTED`. What was asked may be done nevertheless. */
  signal?: AbortSignal;
};

/** One request, without a second attempt. @throws ReelayError */
export async function callOnce<Name extends OperationName>(
  target: Target,
  name: Name,
  values: ArgumentsOf<Name>,
  { token = null, signal }: CallOptions & { token?: string | null } = {},
): Promise<ApiResponse<AnswerOf<Name>>> {
  const raw = await sendByFetch(target, { ...requestOf(name, values), token, signal });
  return (await readAnswer(raw, signal)) as ApiResponse<AnswerOf<Name>>;
}
