/**
 * Worlds: small file systems written down as a literal, traced by the real code, answered as rows
 * like `libb.so => /r2/libb.so`. A world names its loader by release; the loader's file is a stand-in
 * with the strings that built-ins.ts reads, which a comparison replaces by a real loader.
 */
import type { Closure, Library } from '../../src/closure/closure.js';
import { type Trace, type TraceOptions, trace } from '../../src/closure/trace.js';
import { DF_1_PIE } from '../../src/elf/constants.js';
import { loaders } from '../../src/registry.js';
import { type MemoryNode, memoryRoot } from '../../src/root/memory-root.js';
import { buildElf, type ElfOptions, encode } from './elf-builder.js';
import { buildCache, type RawCacheEntry, type RawCacheOptions } from './ld-cache-builder.js';

export const GLIBC_INTERPRETER = '/lib64/ld-linux-x86-64.so.2';
export const MUSL_INTERPRETER = '/lib/ld-musl-x86_64.so.1';
export const TRIPLET = 'x86_64-linux-gnu';

/** Options of an ELF file; a library's soname is its file name unless it is given or null. */
export type ElfNode = Omit<ElfOptions, 'soname'> & { readonly soname?: string | null };

/** What stands at a path of a world. */
export type WorldNode =
  | MemoryNode
  | ElfNode
  | { readonly cache: readonly RawCacheEntry[]; readonly options?: RawCacheOptions }
  | { readonly glibcLoader: GlibcLoader }
  | { readonly muslLoader: true };

export type World = Readonly<Record<string, WorldNode>>;

export interface GlibcLoader {
  /** Release 2.minor. */
  readonly minor: number;
  readonly directories?: readonly string[];
  readonly lib?: string;
  readonly cachePath?: string;
  readonly preloadPath?: string;
  readonly elf?: ElfOptions;
}

/** A program for glibc, position-independent. */
export function program(options: ElfNode = {}): ElfNode {
  return {
    interpreter: GLIBC_INTERPRETER,
    soname: null,
    ...options,
    flags1: (options.flags1 ?? 0) | DF_1_PIE,
  };
}

/** A program for musl. */
export function muslProgram(options: ElfNode = {}): ElfNode {
  return program({ interpreter: MUSL_INTERPRETER, ...options });
}

/** The files of Debian's glibc 2.minor on x86-64 that a search may meet, without a libc. */
export function glibcSystem(minor: number): World {
  // Up to 2.33 the loader's file is named after the release, and the usual name is a link.
  const usual = `/lib/${TRIPLET}/ld-linux-x86-64.so.2`;
  const file = minor <= 33 ? `/lib/${TRIPLET}/ld-2.${minor}.so` : usual;
  return {
    [file]: { glibcLoader: { minor } },
    ...(file === usual ? {} : { [usual]: { link: file.slice(file.lastIndexOf('/') + 1) } }),
    [GLIBC_INTERPRETER]: { link: usual },
    [`/usr/lib/${TRIPLET}`]: { directory: true },
  };
}

export function muslSystem(path = MUSL_INTERPRETER): World {
  return { [path]: { muslLoader: true } };
}

/** A stand-in for ld.so with the strings of its release. */
export function glibcLoaderBytes(loader: GlibcLoader): Uint8Array {
  const directories = loader.directories ?? [
    `/lib/${TRIPLET}`,
    `/usr/lib/${TRIPLET}`,
    '/lib',
    '/usr/lib',
  ];
  const strings = [
    // Before 2.33 the loader does not say which release it is.
    loader.minor >= 33
      ? `ld.so (GNU libc) stable release version 2.${loader.minor}.\n`
      : 'no banner',
    loader.preloadPath ?? '/etc/ld.so.preload',
    loader.cachePath ?? '/etc/ld.so.cache',
    'x86_64',
    loader.lib ?? `lib/${TRIPLET}`,
    // A release that has no such string does not look there.
    loader.minor >= 33 ? 'glibc-hwcaps' : 'tls',
    directories.map((directory) => `${directory}/`).join('\0'),
    'ORIGIN',
  ];
  return buildElf({
    soname: 'ld-linux-x86-64.so.2',
    ...loader.elf,
    data: encode(`\0${strings.join('\0')}\0`),
  });
}

function muslLoaderBytes(): Uint8Array {
  return buildElf({ soname: 'libc.musl-x86_64.so.1' });
}

/** A node as a MemoryRoot takes it. */
export function memoryNode(path: string, node: WorldNode): MemoryNode {
  if (typeof node === 'string' || node instanceof Uint8Array) return node;
  if ('link' in node || 'directory' in node || 'hardLink' in node || 'bytes' in node) return node;
  if ('cache' in node) return buildCache(node.cache, node.options);
  if ('glibcLoader' in node) return glibcLoaderBytes(node.glibcLoader);
  if ('muslLoader' in node) return muslLoaderBytes();
  const { soname, ...rest } = node as ElfNode;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const own = soname === undefined && name.includes('.so') ? name : (soname ?? undefined);
  return buildElf(own === undefined ? rest : { ...rest, soname: own });
}

export function memoryWorld(world: World): Record<string, MemoryNode> {
  return Object.fromEntries(
    Object.entries(world).map(([path, node]) => [path, memoryNode(path, node)]),
  );
}

/** Traces one program of a world and gives everything. */
export function traceWorld(
  world: World,
  programs: string | readonly string[] = '/app/main',
  options: TraceOptions = {},
): Trace {
  const paths = typeof programs === 'string' ? [programs] : programs;
  return trace(memoryRoot(memoryWorld(world)), paths, options, loaders);
}

/** The closure of one program; an error about it is thrown. */
export function closureOf(world: World, path = '/app/main', options: TraceOptions = {}): Closure {
  const result = traceWorld(world, path, options);
  if (result.errors[0] !== undefined) throw result.errors[0];
  return result.closures[0] as Closure;
}

/**
 * What the loader lists: `name => path`, only the path where both are the same, or `not found`; one
 * row that starts with `fatal:` when it gives up. The loader's own row is left out unless wanted.
 */
export function rowsOf(closure: Closure, options: { readonly loader?: boolean } = {}): string[] {
  if (closure.fatal !== undefined) return [`fatal: ${closure.fatal}`];
  return closure.libraries
    .filter((row) => row.listed)
    .filter(
      (row) =>
        options.loader === true || row.rule === 'built-in' || row.object?.role !== 'interpreter',
    )
    .map((row) => rowText(row));
}

function rowText(row: Library): string {
  const { object } = row;
  if (object === undefined) return `${row.name} => not found`;
  if (object.role === 'interpreter' && row.rule !== 'built-in') return object.path;
  return row.name === object.path ? row.name : `${row.name} => ${object.path}`;
}

/** A rule of a loader with a world that shows it. */
export interface Vector {
  /** A letter for the loader (G: glibc, M: musl) and a number, which vectors of one rule share. */
  readonly id: string;
  readonly rule: string;
  readonly world: World;
  readonly options?: TraceOptions;
  /** `/app/main`. */
  readonly program?: string;
  /** Releases 2.N whose rows these are; {@link RELEASES} without it. */
  readonly minors?: readonly number[];
  readonly rows: readonly string[];
  /** Keep the loader's own row. */
  readonly loaderRow?: boolean;
  /** Why a comparison with a real loader makes no sense. */
  readonly tableOnly?: string;
}

/** The releases whose behaviour was checked by experiment. */
export const RELEASES = [31, 36, 41, 43] as const;

/** The rows of a vector for glibc 2.minor, or for musl. */
export function vectorRows(vector: Vector, loader: number | 'musl'): string[] {
  const system = loader === 'musl' ? muslSystem() : glibcSystem(loader);
  const closure = closureOf(
    { ...system, ...vector.world },
    vector.program ?? '/app/main',
    vector.options ?? {},
  );
  return rowsOf(closure, vector.loaderRow === true ? { loader: true } : {});
}
