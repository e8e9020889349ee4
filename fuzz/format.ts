/**
 * What the fuzzer has to know of an input format: where to begin, how to change it, and who reads it.
 */
import type { Random } from '../test/support/random.js';

/** One format of bytes that elfdeps reads. */
export interface Format {
  readonly name: string;
  /** Sound inputs, made by the builders of the tests. */
  seeds(): readonly Uint8Array[];
  /** Texts that mean something in the format. */
  readonly words?: readonly string[];
  /** A changed input of which most pass the first check of their reader. */
  mutate(random: Random, input: Uint8Array, other: Uint8Array): Uint8Array;
  /**
   * Gives the input to its readers; whether it passed the first check of the format, such as the magic.
   * An ElfdepsError that is thrown means that it did not.
   */
  run(input: Uint8Array): boolean | Promise<boolean>;
}
