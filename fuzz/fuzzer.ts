/**
 * The loop: changes an input of the corpus, gives it to the readers of its format, and keeps what runs code
 * that nothing ran before. Anything that is thrown but ElfdepsError is a fault, and so is a case that takes
 * too long. The same seed and corpus give the same cases.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ElfdepsError } from '../src/errors.js';
import { Random } from '../test/support/random.js';
import type { Corpus } from './corpus.js';
import type { Coverage } from './coverage.js';
import type { Format } from './format.js';

/** Seconds of CPU of one case. */
const MAX_SECONDS = 1;
/** Cases between two looks at the coverage, which takes as long as some of them. */
const BATCH = 64;
/** Inputs of a corpus while it runs. */
const MAX_INPUTS = 400;
const MAX_STORED = 1 << 16;
/** One case in this many is a long run of one word: work that grows with the square of its length shows. */
const LONG_RUNS = 500;
const LONG = 1 << 18;
/** Milliseconds between turns of the event loop. */
const TURN = 50;

/** What a run shall do. */
export interface FuzzOptions {
  readonly seed: number;
  /** When to end, in milliseconds since 1970. */
  readonly until: number;
  /** Cases that run even if it is later. */
  readonly least: number;
  /** The share of the cases that coverage guides; the others run faster, from the same corpus. */
  readonly guided: number;
  /** Called before each case with its bytes, so that one that never ends is known. */
  onCase(input: Uint8Array): void;
  /** Called for an input that reached new code. */
  onFound(input: Uint8Array): void;
}

/** What is wrong with an input. */
export interface Fault {
  readonly what: string;
  readonly input: Uint8Array;
}

/** What a run did. */
export interface FuzzResult {
  readonly cases: number;
  /** Cases that passed the first check of their format. */
  readonly passed: number;
  /** Of the longest case, in seconds of CPU. */
  readonly seconds: number;
  readonly faults: readonly Fault[];
}

/** Runs one format. */
export class Fuzzer {
  readonly #format: Format;
  readonly #corpus: Corpus;
  readonly #coverage: Coverage;
  readonly #faults = new Map<string, Fault>();
  #cases = 0;
  #passed = 0;
  #seconds = 0;
  /** When the event loop shall have its next turn. */
  #turn = 0;

  /** `coverage` is counting. */
  constructor(format: Format, corpus: Corpus, coverage: Coverage) {
    this.#format = format;
    this.#corpus = corpus;
    this.#coverage = coverage;
  }

  /** Gives the corpus as it is to the readers, so that the coverage is that of the corpus. */
  async replay(options: Pick<FuzzOptions, 'onCase'>): Promise<void> {
    for (const input of this.#corpus.inputs) {
      options.onCase(input);
      await this.#try(input);
    }
    this.#coverage.take();
  }

  /** Runs cases until there are enough or time is up. Call {@link replay} first. */
  async run(options: FuzzOptions): Promise<FuzzResult> {
    const random = new Random(options.seed);
    const begin = Date.now();
    const turn = begin + (options.until - begin) * options.guided;
    const mayGuide = () => Date.now() < turn;
    while (mayGuide()) await this.#guide(await this.#batch(random, options), options, mayGuide);
    this.#coverage.stop();
    while (!this.#isDone(options)) await this.#batch(random, options);
    const faults = [...this.#faults.values()];
    return { cases: this.#cases, passed: this.#passed, seconds: this.#seconds, faults };
  }

  async #batch(random: Random, options: FuzzOptions): Promise<Uint8Array[]> {
    const inputs: Uint8Array[] = [];
    while (inputs.length < BATCH && !this.#isDone(options)) {
      const input = this.#next(random);
      options.onCase(input);
      this.#cases++;
      if (await this.#try(input)) this.#passed++;
      inputs.push(input);
    }
    return inputs;
  }

  #isDone({ until, least }: FuzzOptions): boolean {
    return this.#cases >= least && Date.now() >= until;
  }

  #next(random: Random): Uint8Array {
    const { inputs } = this.#corpus;
    const input = random.pick(inputs);
    const { words } = this.#format;
    if (words !== undefined && random.below(LONG_RUNS) === 0) return longRun(random, input, words);
    return this.#format.mutate(random, input, random.pick(inputs));
  }

  /** Finds the cases of a batch that ran new code, by running halves of it again while `mayGuide` says so. */
  async #guide(
    inputs: readonly Uint8Array[],
    options: FuzzOptions,
    mayGuide: () => boolean,
  ): Promise<void> {
    if (this.#coverage.take() === 0) return;
    const pending = [inputs];
    for (let some = pending.pop(); some !== undefined; some = pending.pop()) {
      // Of slow formats, a batch can take longer than all of the time.
      if (!mayGuide()) return;
      for (const input of some) {
        options.onCase(input);
        await this.#try(input);
      }
      const found = this.#coverage.peek().filter((block) => this.#coverage.isNew(block));
      const [first] = some;
      if (found.length === 0 || first === undefined) continue;
      if (some.length > 1) {
        const middle = some.length >> 1;
        pending.push(some.slice(middle), some.slice(0, middle));
        continue;
      }
      this.#coverage.forget(found);
      if (this.#corpus.inputs.length >= MAX_INPUTS || first.length > MAX_STORED) continue;
      this.#corpus.inputs.push(first);
      options.onFound(first);
    }
  }

  /** Whether the input passed the first check. */
  async #try(input: Uint8Array): Promise<boolean> {
    if (Date.now() >= this.#turn) {
      this.#turn = Date.now() + TURN;
      // Messages go out, and what a process keeps until its turn ends is let go.
      await nextTurn();
    }
    const { passed, seconds, what } = await tryCase(this.#format, input);
    if (seconds > this.#seconds) this.#seconds = seconds;
    if (seconds > MAX_SECONDS) this.#add(`${seconds.toFixed(1)} s of CPU`, input);
    if (what !== undefined) this.#add(what, input);
    return passed;
  }

  #add(what: string, input: Uint8Array): void {
    const kind = what.replaceAll(/\d+(\.\d+)? s of CPU/g, 'CPU');
    const known = this.#faults.get(kind);
    if (known === undefined || known.input.length > input.length)
      this.#faults.set(kind, { what, input });
  }
}

/**
 * Gives one input to the readers of its format: whether it passed the first check, its seconds of CPU, and
 * what was thrown, if that is no ElfdepsError. A case that takes long has a second try.
 */
export async function tryCase(format: Format, input: Uint8Array) {
  const first = await runCase(format, input);
  // Other work of the process, such as collecting garbage, is not the case's.
  return first.seconds > MAX_SECONDS / 2 ? runCase(format, input) : first;
}

async function runCase(format: Format, input: Uint8Array) {
  const before = process.cpuUsage();
  let passed = false;
  let what: string | undefined;
  try {
    passed = await format.run(input);
  } catch (error) {
    if (!(error instanceof ElfdepsError)) what = describe(error);
  }
  const { user, system } = process.cpuUsage(before);
  return { passed, what, seconds: (user + system) / 1e6 };
}

/** The error, and the first places in its stack that are ours. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const places = [...(error.stack ?? '').matchAll(/(?:src|test|fuzz)\/[\w/-]+\.js:\d+/g)];
  return `${error.name}: ${error.message.slice(0, 200)} at ${places.slice(0, 3).join(', ')}`;
}

function longRun(random: Random, input: Uint8Array, words: readonly string[]): Uint8Array {
  const text = Buffer.from(input).toString('latin1');
  const cut = random.below(text.length + 1);
  const word = random.chance(0.5) ? random.pick(words) : random.pick(words) + random.pick(words);
  const middle = word.repeat(Math.floor(LONG / word.length) - 64);
  return Buffer.from(text.slice(0, cut).slice(-1000) + middle + text.slice(cut).slice(0, 1000));
}
