/** Holds whoever comes to it until it is opened; `reached` resolves when somebody has come. */
export class Barrier {
  readonly reached: Promise<void>;
  #arrive!: () => void;
  readonly #opened: Promise<void>;
  open!: () => void;

  constructor() {
    this.reached = new Promise((resolve) => {
      this.#arrive = resolve;
    });
    this.#opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  async pass(): Promise<void> {
    this.#arrive();
    await this.#opened;
  }
}
