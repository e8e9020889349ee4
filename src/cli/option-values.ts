/**
 * The values that an option can have, where they are a closed list: for completion scripts.
 */
import { CPU_LEVELS } from '../check/start/cpu-level.js';
import { architectures } from '../elf/platform.js';
import { loaders } from '../registry/loaders.js';
import { needDetectors } from '../registry/needs.js';
import { CHOICES } from './choices.js';
import { formatsOf } from './suggestion.js';

/** What completes the value of an option. */
export interface OptionValues {
  readonly words: readonly string[];
  /** Several, with commas between. */
  readonly isList?: boolean;
}

const platforms = architectures.map((name) => `linux/${name}`);
const needs = ['all', ...needDetectors.map(({ kind }) => kind)];
const values = needDetectors.flatMap(({ kind, values: each = [] }) =>
  each.map((value) => `${kind}=${value}`),
);
const levels = loaders.flatMap(({ traits }) => traits.cpuLevels ?? []);

const VALUES: Readonly<Record<string, OptionValues>> = {
  ...Object.fromEntries(Object.entries(CHOICES).map(([name, words]) => [`--${name}`, { words }])),
  '--cpu': { words: CPU_LEVELS },
  '--hwcaps': { words: ['none', 'host', 'all', ...levels] },
  '--loader': { words: loaders.map(({ name }) => name) },
  '--platform': { words: platforms },
  '--platform-root': { words: platforms.map((name) => `${name}=`) },
  '--with': { words: [...needs, ...values], isList: true },
  '--without': { words: needs, isList: true },
};

/** The values of an option of a command ('' for the report); undefined where any text may be one. */
export function optionValues(command: string, flag: string): OptionValues | undefined {
  if (flag === '--format') return { words: formatsOf(command).map(({ name }) => name) };
  return Object.hasOwn(VALUES, flag) ? VALUES[flag] : undefined;
}
