/**
 * The closed lists of what elfdeps knows: the only file that names every loader, report and writer.
 */
import { glibc } from './loader/glibc/glibc.js';
import type { Loader } from './loader/loader.js';
import { musl } from './loader/musl/musl.js';

/** Every loader, in the order in which a library without other signs is tried for. */
export const loaders: readonly Loader[] = [glibc, musl];
