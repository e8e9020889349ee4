/**
 * The values that an option can have, where they are a closed list: for completion scripts.
 */
import { architectures } from '../elf/platform.js';
import { loaders } from '../registry/loaders.js';
import { needDetectors } from '../registry/needs.js';
import { formatsOf } from './suggestion.js';

/** What completes the value of an option. */
export interface OptionValues {
  readonly words: readonly string[];
  /** Several, with commas between. */
  readonly isList?: boolean;
}

const platforms = architectures.map((name) => `linux/${name}`);
const needs = ['all', ...needDetectors.map(({ kind }) => kind)];
const levels = ['x86-64-v2', 'x86-64-v3', 'x86-64-v4'];

const VALUES: Readonly<Record<string, OptionValues>> = {
  '--color': { words: ['auto', 'always', 'never'] },
  '--compression': { words: ['gzip', 'zstd', 'none'] },
  '--cpu': { words: ['x86-64-v1', ...levels] },
  '--dlopen': { words: ['required', 'recommended', 'suggested', 'none'] },
  '--hwcaps': { words: ['none', 'host', 'all', ...levels] },
  '--layout': { words: ['docker', 'oci'] },
  '--loader': { words: loaders.map(({ name }) => name) },
  '--platform': { words: platforms },
  '--platform-root': { words: platforms.map((name) => `${name}=`) },
  '--sort': { words: ['load', 'size', 'name'] },
  '--with': { words: needs, isList: true },
  '--without': { words: needs, isList: true },
};

/** The values of an option of a command ('' for the report); undefined where any text may be one. */
export function optionValues(command: string, flag: string): OptionValues | undefined {
  if (flag === '--format') return { words: formatsOf(command).map(({ name }) => name) };
  return Object.hasOwn(VALUES, flag) ? VALUES[flag] : undefined;
}
