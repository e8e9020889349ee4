/**
 * `elfdeps copy <file...> --to <dir>`: the same files as a directory tree, links kept.
 */
import { UsageError, writers } from '../../index.js';
import { COMPLETE } from '../exit-code.js';
import type { ImageOptions } from '../options.js';
import { planRequest } from '../plan-request.js';
import type { Terminal } from '../terminal.js';

export interface CopyOptions extends ImageOptions {
  readonly to?: string;
  readonly force?: boolean;
}

export async function runCopy(
  files: readonly string[],
  options: CopyOptions,
  terminal: Terminal,
): Promise<number> {
  if (!options.to) throw new UsageError('copy needs --to <dir>');
  const planned = await planRequest(files, options, 'links', terminal);
  if (typeof planned === 'number') return planned;
  const { plan, request } = planned;
  writers.directory(plan, request.trace.root, options.to, { force: options.force ?? false });
  return COMPLETE;
}
