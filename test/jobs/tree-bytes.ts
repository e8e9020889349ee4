/**
 * A tree on disk and its manifest → its bytes, and those of them that are standard libraries of languages:
 * elfdeps copies these whole, so what one job opens of them says nothing.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Entries of a manifest; `source` is their path in the root, where that is another. */
interface ManifestEntry {
  readonly path: string;
  readonly source?: string;
  readonly reason: { readonly standardLibrary?: true };
}

export interface TreeBytes {
  /** All regular files, each once, and the texts of links. */
  readonly all: number;
  readonly standardLibraries: number;
  /** Real paths in the root of the files of standard libraries. */
  readonly standardFiles: ReadonlySet<string>;
}

export function treeBytes(tree: string, manifest: string): TreeBytes {
  const standardFiles = new Set<string>();
  const standardPaths = new Set<string>();
  for (const { path, source = path, reason } of entriesOf(manifest))
    if (reason.standardLibrary) {
      standardFiles.add(source);
      standardPaths.add(path);
    }
  let all = 0;
  let standardLibraries = 0;
  const seen = new Set<number>();
  const visit = (directory: string) => {
    for (const entry of readdirSync(join(tree, directory), { withFileTypes: true })) {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else {
        const { ino, size } = lstatSync(join(tree, path));
        if (seen.has(ino)) continue;
        seen.add(ino);
        all += size;
        if (standardPaths.has(path)) standardLibraries += size;
      }
    }
  };
  visit('');
  return { all, standardLibraries, standardFiles };
}

function entriesOf(manifest: string): readonly ManifestEntry[] {
  const { images } = JSON.parse(readFileSync(manifest, 'utf8'));
  return images.flatMap(({ entries }: { entries: readonly ManifestEntry[] }) => entries);
}
