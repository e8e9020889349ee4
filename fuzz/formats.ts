/**
 * All formats of input that elfdeps reads.
 */
import { archiveFormats } from './archive-formats.js';
import { elfFormats } from './elf-formats.js';
import type { Format } from './format.js';
import { loaderFormats } from './loader-formats.js';
import { logFormats } from './log-formats.js';
import { needFormats } from './need-formats.js';
import { packageFormats } from './package-formats.js';

export const formats: readonly Format[] = [
  ...elfFormats,
  ...loaderFormats,
  ...archiveFormats,
  ...packageFormats,
  ...logFormats,
  ...needFormats,
];
