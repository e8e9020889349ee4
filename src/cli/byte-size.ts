/**
 * Sizes as options take them: a number of bytes, or a number with a unit.
 */
import { UsageError } from '../errors.js';

/** Bytes of each unit. As in GNU tools, `K` and `KiB` are 1024, `KB` is 1000. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  ...unitsOf('K', 1),
  ...unitsOf('M', 2),
  ...unitsOf('G', 3),
  ...unitsOf('T', 4),
};

function unitsOf(letter: string, power: number): Record<string, number> {
  const binary = 1024 ** power;
  return { [letter]: binary, [`${letter}IB`]: binary, [`${letter}B`]: 1000 ** power };
}

/** The bytes of `20GiB`, `500m` or `1048576`. Throws {@link UsageError} for anything else, and for 0. */
export function parseByteSize(option: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? 0));
  if (number !== '' && bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError(`${option} takes a size such as 20GiB, not '${text}'`);
}
