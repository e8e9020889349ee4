/**
 * `--format ldd`: the lines of ldd(1) without addresses; of musl's ldd for musl programs.
 * Source: glibc elf/ldd.bash.in and elf/rtld.c (rtld_mode_trace); musl ldso/dynlink.c.
 */

import type { Closure, Library } from '../../closure/closure.js';
import { directoryOf } from '../../root/path-text.js';
import { nameOf, type Report, type ReportInput } from './report.js';

export const ldd: Report = {
  name: 'ldd',
  summary: 'what ldd prints, without addresses',
  wantsLoaderMessages: true,
  format(input) {
    const named = input.closures.filter((closure) => isNamed(input, closure));
    const isSingle = named.length + input.errors.length <= 1;
    return named
      .map((closure) => {
        const name = nameOf(input, closure);
        const messages = input.loaderMessages?.get(closure.program.path) ?? [];
        const lines = linesOf(closure, name, messages);
        return [...(isSingle ? [] : [`${name}:`]), ...lines].map((l) => `${l}\n`).join('');
      })
      .join('');
  },
  notes: (input) =>
    input.verbose
      ? input.closures
          .filter((closure) => isNamed(input, closure))
          .flatMap((closure) => differences(closure, nameOf(input, closure)))
      : [],
};

/** Where ldd itself prints something else than what happens at run time, which is what we print. */
function differences({ program, loader, objects }: Closure, name: string): string[] {
  if (loader === 'musl')
    return [`${name}: as musl's ldd prints it; the ldd of a glibc system says something else`];
  const dynamic = program.elf?.dynamic;
  const usesOrigin = `${dynamic?.rpath ?? ''}${dynamic?.runpath ?? ''}`.includes('ORIGIN');
  const linked = directoryOf(program.path);
  const origin = objects[0]?.origin;
  return loader === 'glibc' && usesOrigin && origin !== linked
    ? [`${name}: $ORIGIN is ${origin}; ldd before glibc 2.42 takes ${linked}`]
    : [];
}

/** ldd says nothing of what a script starts. */
function isNamed({ names }: ReportInput, { program }: Closure): boolean {
  return names.size === 0 || names.has(program.path);
}

function linesOf(closure: Closure, name: string, messages: readonly string[]): string[] {
  if (closure.program.kind === 'script' || closure.program.elf?.dynamic === undefined)
    return ['\tnot a dynamic executable'];
  if (closure.loader === 'musl') return muslLines(closure);
  const ignored = closure.ignoredPreloads.map(
    ({ name: preload, source, error }) =>
      `ERROR: ld.so: object '${preload}' from ${source} cannot be preloaded (${shortError(error)}): ignored.`,
  );
  // ldd itself is silent then, and its exit code is 1.
  if (closure.fatalSignal !== undefined) return ignored;
  if (closure.fatal !== undefined)
    return [...ignored, `${name}: error while loading shared libraries: ${closure.fatal}`];
  const before = [...ignored, ...messages];
  // A failed assertion is the end, even of a list.
  if (messages.at(-1)?.startsWith('Inconsistency detected')) return before;
  const listed = closure.libraries.filter((library) => library.listed);
  const isAlone = closure.program.elf.dynamic.needed.length === 0;
  if (isAlone && listed.every((library) => library.rule === 'interpreter'))
    return [...before, '\tstatically linked'];
  const rows = listed.map((library) => `\t${glibcLine(library)}`);
  if (closure.vdso !== undefined)
    rows.splice(listed[0]?.rule === 'interpreter' ? 1 : 0, 0, `\t${closure.vdso}`);
  return [...before, ...rows];
}

/** elf/rtld.c, do_preload: neither the file that is at fault nor the text of an errno. */
function shortError(error: string): string {
  return error
    .replace(/^[^:]*\/[^:]*: /, '')
    .replace(/^(cannot open shared object file): .*$/, '$1');
}

function glibcLine({ name, object, rule }: Library): string {
  if (object === undefined) return `${name} => not found`;
  return rule === 'interpreter' || object.name === object.path
    ? object.path
    : `${object.name} => ${object.path}`;
}

/** The loader first, under its own name, then what it loaded; errors after it. */
function muslLines(closure: Closure): string[] {
  const found = closure.libraries.filter((l) => l.listed && l.object !== undefined);
  const missing = closure.libraries.filter((l) => l.object === undefined);
  return [
    `\t${closure.loaderPath}`,
    ...found.map((library) => `\t${library.name} => ${library.object?.path}`),
    ...missing.flatMap(({ name, error, neededBy }) =>
      neededBy.map((by) => `Error loading shared library ${name}: ${error} (needed by ${by})`),
    ),
  ];
}
