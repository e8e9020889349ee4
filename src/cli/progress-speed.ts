/**
 * How fast some work goes, by what was done in the last seconds.
 */

/** Milliseconds that count: a disk or a pipe is not always as fast. */
const WINDOW = 5000;
/** What is measured in fewer milliseconds says little: the first program reads the libraries of all. */
const LEAST = 1000;

interface Sample {
  readonly time: number;
  readonly done: number;
}

/** What was done when. Less than before, or of another amount in all, is other work, and begins again. */
export class Speed {
  readonly #samples: Sample[] = [];

  #total: number | undefined;

  /** Takes what is done at a time, in milliseconds, for the first of other work; whether it is that. */
  begin(time: number, done: number, total: number): boolean {
    const last = this.#samples.at(-1);
    if (last !== undefined && done >= last.done && total === this.#total) return false;
    this.#total = total;
    this.#samples.splice(0, Number.POSITIVE_INFINITY, { time, done });
    return true;
  }

  /** Adds how much is done of all at a time. */
  add(time: number, done: number, total = Number.POSITIVE_INFINITY): void {
    if (this.begin(time, done, total)) return;
    this.#samples.push({ time, done });
    while (this.#samples.length > 2 && time - (this.#samples[0]?.time ?? 0) > WINDOW)
      this.#samples.shift();
  }

  /** What is done in a second; undefined until a second of work is measured. */
  perSecond(): number | undefined {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.time - first.time < LEAST)
      return undefined;
    return ((last.done - first.done) * 1000) / (last.time - first.time);
  }
}
