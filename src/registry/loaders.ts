/**
 * The loaders that elfdeps knows: the only list of them.
 */
import { freebsd } from '../loader/freebsd/freebsd.js';
import { glibc } from '../loader/glibc/glibc.js';
import type { Loader } from '../loader/loader.js';
import { musl } from '../loader/musl/musl.js';
import { uclibc } from '../loader/uclibc/uclibc.js';

/** Every loader, in the order in which a library without other signs is tried for. */
export const loaders: readonly Loader[] = [glibc, musl, uclibc, freebsd];
