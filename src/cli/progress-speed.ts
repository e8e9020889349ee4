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

/** What was done when, of work whose amount only grows; a smaller amount is other work. */
export class Speed {
  readonly #samples: Sample[] = [];

  /** Adds how much is done at a time, in milliseconds. */
  add(time: number, done: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && done < last.done) this.#samples.length = 0;
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
