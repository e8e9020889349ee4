/**
 * Small roots for programs that give rights to the user who starts them: a loader, a program without a
 * C library, and a library that one search rule leads to. gcc makes the files, ldconfig the caches.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import nodePath from 'node:path';
import { GLIBC_INTERPRETER, MUSL_INTERPRETER } from '../support/world.js';

/** What gives a program its rights, and how the file is made so. */
export const KINDS: Readonly<Record<string, (file: string) => void>> = {
  plain: (file) => fs.chmodSync(file, 0o755),
  'set-user-ID': (file) => fs.chmodSync(file, 0o4755),
  'set-group-ID': (file) => fs.chmodSync(file, 0o2755),
  'set-group-ID without execute bit of the group': (file) => fs.chmodSync(file, 0o2745),
  capabilities: (file) => {
    fs.chmodSync(file, 0o755);
    execFileSync('setcap', ['cap_net_bind_service+ep', file]);
  },
  'permitted capabilities': (file) => {
    fs.chmodSync(file, 0o755);
    execFileSync('setcap', ['cap_net_bind_service+p', file]);
  },
  'inheritable capabilities': (file) => {
    fs.chmodSync(file, 0o755);
    execFileSync('setcap', ['cap_net_bind_service+i', file]);
  },
  'set-user-ID of nobody': (file) => {
    fs.chownSync(file, 65534, 65534);
    fs.chmodSync(file, 0o4755);
  },
};

/** Where things are in a root, and how the program is started. */
export interface SecureRow {
  readonly rule: string;
  /** The directory of the programs; `/app` if absent. */
  readonly programs?: string;
  /** Options of the linker for the program; without any, nothing leads it to the library. */
  readonly link?: readonly string[];
  /** The program does not need the library by name, but a preload must define its symbol. */
  readonly isPreloaded?: boolean;
  /** The needed name is this path. */
  readonly needed?: string;
  /** Where the library is, and its mode. */
  readonly library: string;
  readonly mode?: number;
  /** Another library that the program needs, and that needs the first by its own RUNPATH. */
  readonly between?: { readonly path: string; readonly link: readonly string[] };
  readonly env?: Readonly<Record<string, string>>;
  /** Directories that a cache (or musl's path file) leads to. */
  readonly configured?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Modes that are set at the end, by path. */
  readonly modes?: Readonly<Record<string, number>>;
}

/** Exits with 0, and with 3 if it can do without the function and nothing defines it. */
const program = (function_: string, isWeak: boolean) => `
  int ${function_}(void)${isWeak ? ' __attribute__((weak))' : ''};
  void _start(void) {
    int code = ${isWeak ? `${function_} == 0 ? 3 : ` : ''}${function_}();
    __asm__ volatile("syscall" : : "a"(60), "D"(code)); }`;
const FLAGS = ['-nostdlib', '-fPIC', '-Wl,--hash-style=both'];

/** Makes `root` with one program of each kind in it; gives the paths of the programs by kind. */
export function writeSecureWorld(
  root: string,
  row: SecureRow,
  loader: { readonly file: string; readonly isMusl: boolean },
): Record<string, string> {
  const at = (path: string) => {
    const place = root + path;
    fs.mkdirSync(nodePath.dirname(place), { recursive: true, mode: 0o755 });
    return place;
  };
  const interpreter = loader.isMusl ? MUSL_INTERPRETER : GLIBC_INTERPRETER;
  fs.copyFileSync(loader.file, at(interpreter));
  fs.chmodSync(at(interpreter), 0o755);
  for (const directory of ['/etc', '/proc', '/usr/lib', '/usr/bin'])
    fs.mkdirSync(at(`${directory}/.`), { recursive: true });
  const soname = row.needed ?? nodePath.basename(row.library);
  link('int f(void) { return 0; }', at(row.library), ['-shared', `-Wl,-soname,${soname}`], []);
  const { between } = row;
  if (between !== undefined) {
    const name = `-Wl,-soname,${nodePath.basename(between.path)}`;
    link(
      'int f(void); int g(void) { return f(); }',
      at(between.path),
      ['-shared', name, ...between.link],
      [at(row.library)],
    );
  }
  const libraries = row.isPreloaded ? [] : [at(between?.path ?? row.library)];
  const file = at(`${row.programs ?? '/app'}/program`);
  link(
    program(between === undefined ? 'f' : 'g', row.isPreloaded ?? false),
    file,
    [`-Wl,--dynamic-linker=${interpreter}`, '-pie', ...(row.link ?? [])],
    libraries,
  );
  fs.chmodSync(at(row.library), row.mode ?? 0o755);
  for (const [path, text] of Object.entries(row.files ?? {})) fs.writeFileSync(at(path), text);
  configure(root, row.configured ?? [], loader.isMusl);
  const programs: Record<string, string> = {};
  for (const [kind, give] of Object.entries(KINDS)) {
    const path = `${row.programs ?? '/app'}/${kind.replaceAll(' ', '-')}`;
    fs.copyFileSync(file, at(path));
    give(at(path));
    programs[kind] = path;
  }
  for (const [path, mode] of Object.entries(row.modes ?? {})) fs.chmodSync(at(path), mode);
  return programs;

  function link(source: string, out: string, flags: readonly string[], needed: readonly string[]) {
    fs.writeFileSync(at('/x.c'), source);
    const undefinedSymbols =
      '-Wl,--unresolved-symbols=ignore-in-shared-libs,-z,dynamic-undefined-weak';
    execFileSync('gcc', [
      ...FLAGS,
      ...flags,
      undefinedSymbols,
      '-Wl,--no-as-needed',
      '-o',
      out,
      at('/x.c'),
      ...needed,
    ]);
  }
}

function configure(root: string, directories: readonly string[], isMusl: boolean): void {
  if (directories.length === 0) return;
  const text = `${directories.join('\n')}\n`;
  if (isMusl) fs.writeFileSync(`${root}/etc/ld-musl-x86_64.path`, text);
  else {
    fs.writeFileSync(`${root}/etc/ld.so.conf`, text);
    execFileSync('/sbin/ldconfig', ['-r', root], { stdio: 'ignore' });
  }
}
