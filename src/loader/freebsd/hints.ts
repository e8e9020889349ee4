/**
 * Reads /var/run/ld-elf.so.hints, which lists the directories that ldconfig was given, but no files. For
 * a root that was never started, makes the list that the start of the system would write.
 * Source: FreeBSD include/elf-hints.h; libexec/rtld-elf/rtld.c (gethints); libexec/rc/rc.d/ldconfig
 * with the defaults of libexec/rc/rc.conf.
 */
import { cString, FieldReader } from '../../elf/byte-source.js';
import type { RootFiles } from '../../files/root-files.js';
import { namesIn } from '../../root/list-directory.js';

const MAGIC = 0x746e6845;
const HEADER_SIZE = 128;

/** The list of directories, separated by colons; undefined if the loader would ignore the file. */
export function parseHints(bytes: Uint8Array, endian: 'little' | 'big'): string | undefined {
  const fields = new FieldReader(bytes, endian === 'little');
  if (bytes.length < HEADER_SIZE || fields.u32(0) !== MAGIC || fields.u32(4) !== 1)
    return undefined;
  const start = (fields.u32(8) ?? 0) + (fields.u32(16) ?? 0);
  const end = start + (fields.u32(20) ?? 0);
  if (end >= bytes.length || bytes[end] !== 0) return undefined;
  return cString(bytes, start);
}

/** The list that a system with default settings writes at its start. `suffix` is `32` or empty. */
export function simulateHints(files: RootFiles, suffix: string): string {
  const configured =
    suffix === ''
      ? ['/usr/lib/compat', '/usr/local/lib', '/usr/local/lib/compat/pkg']
      : ['/usr/lib32', '/usr/lib32/compat'];
  const directories = [
    ...(suffix === '' ? ['/lib', '/usr/lib'] : []),
    ...[...configured, ...localDirectories(files, suffix)].filter(
      (path) => files.resolve(path).found,
    ),
    ...(suffix === '' ? linesOf(files.readText('/etc/ld-elf.so.conf') ?? '') : []),
  ];
  return [...new Set(directories)].join(':');
}

/** The directories that packages add, each package in a file of its own; sorted. */
function localDirectories(files: RootFiles, suffix: string): string[] {
  const path = `/usr/local/libdata/ldconfig${suffix}`;
  const names = namesIn(files.root, path);
  return [
    ...new Set(names.flatMap((name) => linesOf(files.readText(`${path}/${name}`) ?? ''))),
  ].sort();
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
