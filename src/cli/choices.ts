/**
 * The values of options that take one of a few words: what commands accept, help texts name and
 * completion offers. Words that registries know (loaders, needs, formats) are in option-values.ts.
 */
import { listed, UsageError } from '../errors.js';
import type { NeedOptions } from '../needs/program-facts.js';
import type { ImageArchiveOptions } from '../output/image-archive.js';
import type { Compression } from '../output/image-layer.js';
import type { ReportOrder } from '../report/trace/report.js';

/** By the option's name without dashes. */
export const CHOICES = {
  color: ['auto', 'always', 'never'],
  compression: ['gzip', 'zstd', 'none'],
  dlopen: ['required', 'recommended', 'suggested', 'none'],
  layout: ['docker', 'oci'],
  sort: ['load', 'size', 'name'],
} as const satisfies {
  readonly color: readonly string[];
  readonly compression: readonly Compression[];
  readonly dlopen: readonly NeedOptions['dlopen'][];
  readonly layout: readonly ImageArchiveOptions['layout'][];
  readonly sort: readonly ReportOrder[];
};

type Choices = typeof CHOICES;

/** The value of such an option. Throws {@link UsageError} for any other text. */
export function choiceOf<Name extends keyof Choices>(
  option: Name,
  value: string,
): Choices[Name][number] {
  const known: readonly Choices[Name][number][] = CHOICES[option];
  const found = known.find((word) => word === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} takes ${listed(known, 'or')}, not '${value}'`);
}
