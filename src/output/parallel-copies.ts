/**
 * Copies that the kernel makes side by side: while it copies the bytes of one file, others are opened and get
 * their modes. A copy that fails ends the next call.
 */

/** More copies at a time are no faster, and a signal waits for all of them. */
const MOST_AT_A_TIME = 2;

/** The copies that are under way. */
export class ParallelCopies {
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** Starts a copy once there is room for it. Throws what an earlier one threw. */
  async start(copy: () => Promise<void>): Promise<void> {
    while (this.#underWay.size >= MOST_AT_A_TIME) await Promise.race(this.#underWay);
    this.#requireNoFailure();
    const copying: Promise<void> = copy()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(copying));
    this.#underWay.add(copying);
  }

  /** Waits for all copies. Throws what one of them threw. */
  async end(): Promise<void> {
    await this.settle();
    this.#requireNoFailure();
  }

  /** Waits until none is under way, whether or not one failed. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #requireNoFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
