/** What an operator asked for cannot be done: a sentence for them, instead of a stack trace. */
export class Refusal extends Error {
  override name = "Refusal";
}
