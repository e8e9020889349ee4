/**
 * The ELF executables and shared libraries below a directory of a root, for arguments that are
 * directories. Links are not followed, so a file is found once, by the path where it stands.
 */
import { FieldReader } from '../elf/byte-source.js';
import { ET_DYN, ET_EXEC } from '../elf/constants.js';
import { hasElfMagic } from '../elf/header.js';
import type { ObjectFiles } from '../loader/object-files.js';
import { compareBytes } from '../root/glob.js';
import { entryAt, namesIn } from '../root/list-directory.js';
import { type ResolvedPath, resolvePath } from '../root/resolve-path.js';
import type { RealPath, Root } from '../root/root.js';

/** File systems of the kernel, which have no programs but endless files. */
const KERNEL_DIRECTORIES: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev']);

/** How to look; every field may be left out. */
export interface FindOptions {
  /** A file is its own answer where it is such a file. */
  readonly orFile?: boolean;
  /** Takes what is parsed, so that whoever traces the files opens none of them again. */
  readonly files?: ObjectFiles;
}

/** Paths in byte order. Unreadable files and directories below `directory` are passed over. */
export function findElfFiles(root: Root, directory: string, options: FindOptions = {}): string[] {
  const start = resolvePath(root, directory);
  if (!start.found) return [];
  if (start.entry.kind !== 'directory')
    return options.orFile && isLoadable(root, start, options.files) ? [directory] : [];
  const found: string[] = [];
  // Pairs, so that what is below a linked directory is named as the user named it.
  const pending: { shown: string; real: string }[] = [
    { shown: directory.replace(/\/+$/, ''), real: start.path === '/' ? '' : start.path },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const name of namesIn(root, next.real || '/')) {
      const real = `${next.real}/${name}`;
      const shown = `${next.shown}/${name}`;
      const entry = entryAt(root, real);
      if (entry?.kind === 'directory' && !KERNEL_DIRECTORIES.has(real))
        pending.push({ shown, real });
      else if (entry?.kind === 'file') {
        const file: ResolvedPath = { found: true, path: real as RealPath, entry, links: [] };
        if (isLoadable(root, file, options.files)) found.push(shown);
      }
    }
  }
  return found.sort(compareBytes);
}

/** Whether the first bytes are those of an executable or a shared library. */
function isLoadable(root: Root, file: ResolvedPath, files: ObjectFiles | undefined): boolean {
  if (file.entry.size < 52) return false;
  let head: Uint8Array;
  try {
    head = root.read(file.path, 0, 20);
  } catch {
    return false;
  }
  if (!hasElfMagic(head)) return false;
  const type = new FieldReader(head, head[5] === 1).u16(16);
  if (type !== ET_EXEC && type !== ET_DYN) return false;
  // Now, while it is open.
  files?.findElf(file);
  return true;
}
