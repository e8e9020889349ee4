/**
 * Sets file capabilities in a tree that was just written. Node.js has no call for extended attributes,
 * so the files that have capabilities are unpacked once more, from a tar.
 */
import nodePath from 'node:path';
import type { ImagePlan } from '../image/image-plan.js';
import { readCapabilities, unpackWithCapabilities } from '../root/disk-capability.js';
import type { Root } from '../root/root.js';
import { writeTar } from './tar.js';

/**
 * Sets them and returns the paths in the plan where that failed. It needs the root user. Throws OUTPUT_FAILED
 * once `signal` is aborted.
 */
export async function keepCapabilities(
  plan: ImagePlan,
  root: Root,
  tree: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const files = plan.entries.filter(
    (entry) => entry.kind === 'file' && entry.capability && entry.hardLinkTo === undefined,
  );
  if (files.length === 0) return [];
  await unpackWithCapabilities(tree, (sink) =>
    writeTar({ ...plan, entries: files }, root, sink, { signal }),
  );
  const place = (path: string) => nodePath.join(tree, path);
  const set = readCapabilities(
    files.map((file) => ({ place: place(file.path), size: file.kind === 'file' ? file.size : 0 })),
  );
  return files
    .filter((file) => {
      const actual = set.get(place(file.path));
      const wanted = file.kind === 'file' ? file.capability : undefined;
      return actual === undefined || Buffer.compare(actual, wanted ?? actual) !== 0;
    })
    .map(({ path }) => path);
}
