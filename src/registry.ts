/**
 * The closed lists of what elfdeps knows: the only file that names every loader, report and writer.
 */
import { freebsd } from './loader/freebsd/freebsd.js';
import { glibc } from './loader/glibc/glibc.js';
import type { Loader } from './loader/loader.js';
import { musl } from './loader/musl/musl.js';
import { uclibc } from './loader/uclibc/uclibc.js';
import { writeDirectory } from './output/directory.js';
import { formatDockerfile } from './output/dockerfile.js';
import { json, ndjson } from './report/json.js';
import { ldd } from './report/ldd.js';
import { list } from './report/list.js';
import type { Report } from './report/report.js';
import { text } from './report/text.js';
import { tree } from './report/tree.js';

/** Every loader, in the order in which a library without other signs is tried for. */
export const loaders: readonly Loader[] = [glibc, musl, uclibc, freebsd];

/** Every report format, the default first. */
export const reports: readonly Report[] = [text, ldd, list, tree, json, ndjson];

/** Every form a plan can be written in. */
export const writers = { dockerfile: formatDockerfile, directory: writeDirectory } as const;
