/**
 * `--format ldd`: the lines of ldd(1) without addresses; of musl's ldd for musl programs.
 * Source: glibc elf/ldd.bash.in and elf/rtld.c (rtld_mode_trace); musl ldso/dynlink.c.
 */

import type { LoaderMessages } from '../../check/symbols/symbol-versions.js';
import type { Closure, Library } from '../../closure/closure.js';
import { printable } from '../../errors.js';
import { directoryOf } from '../../root/path-text.js';
import { absentWord } from '../absent-word.js';
import { nameOf, type Report, type ReportInput } from './report.js';

export const ldd: Report = {
  name: 'ldd',
  summary: 'what ldd prints, without addresses',
  wantsLoaderMessages: true,
  failsWithLoader: true,
  format(input) {
    const named = input.closures.filter((closure) => isNamed(input, closure));
    const isSingle = named.length + input.errors.length <= 1;
    return named
      .map((closure) => {
        const name = nameOf(input, closure);
        const messages = input.loaderMessages?.get(closure.program.path);
        const lines = linesOf(closure, name, messages);
        return [...(isSingle ? [] : [`${name}:`]), ...lines].map((l) => `${lineOf(l)}\n`).join('');
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

/** A line of ldd, whose tab at the start is its own. */
function lineOf(text: string): string {
  return text.startsWith('\t') ? `\t${printable(text.slice(1))}` : printable(text);
}

/** Notes where ldd prints something other than what happens at run time. The report has the latter. */
function differences({ program, loader, traits, objects }: Closure, name: string): string[] {
  if (traits?.listsByLoading)
    return [`${name}: as ${loader}'s ldd prints it; the ldd of a glibc system says something else`];
  const dynamic = program.elf?.dynamic;
  const usesOrigin = `${dynamic?.rpath ?? ''}${dynamic?.runpath ?? ''}`.includes('ORIGIN');
  const linked = directoryOf(program.path);
  const origin = objects[0]?.origin;
  const other = traits?.lddWithOriginOfLink;
  return other !== undefined && usesOrigin && origin !== linked
    ? [`${name}: $ORIGIN is ${origin}; ${other} takes ${linked}`]
    : [];
}

/** Whether ldd lists the program. It does not list what a script starts. */
function isNamed({ names }: ReportInput, { program }: Closure): boolean {
  return names.size === 0 || names.has(program.path);
}

function linesOf(closure: Closure, name: string, messages?: LoaderMessages): string[] {
  if (closure.program.kind === 'script' || closure.program.elf?.dynamic === undefined)
    return ['\tnot a dynamic executable'];
  const { words, listsByLoading } = closure.traits ?? {};
  if (listsByLoading) return linesOfLoading(closure);
  const ignored = closure.ignoredPreloads.flatMap((miss) => words?.preloadIgnored?.(miss) ?? []);
  // After a fatal signal, ldd prints nothing more and exits with 1.
  if (closure.fatalSignal !== undefined) return ignored;
  if (closure.fatal !== undefined)
    return [...ignored, words?.givesUp(name, closure.fatal) ?? closure.fatal];
  const before = [...ignored, ...(messages?.lines ?? [])];
  if (messages?.isEnd) return before;
  const listed = closure.libraries.filter((library) => library.listed);
  const isAlone = closure.program.elf.dynamic.needed.length === 0;
  if (isAlone && listed.every((library) => library.rule === 'interpreter'))
    return [...before, '\tstatically linked'];
  const rows = listed.map((library) => `\t${glibcLine(library)}`);
  if (closure.vdso !== undefined)
    rows.splice(listed[0]?.rule === 'interpreter' ? 1 : 0, 0, `\t${closure.vdso}`);
  return [...before, ...rows];
}

function glibcLine({ name, object, rule, status }: Library): string {
  if (object === undefined) return `${name} => ${absentWord(status)}`;
  return rule === 'interpreter' || object.name === object.path
    ? object.path
    : `${object.name} => ${object.path}`;
}

/** The loader under its own name, then what it loaded, then the errors. */
function linesOfLoading(closure: Closure): string[] {
  const { program, traits } = closure;
  const found = closure.libraries.filter((l) => l.listed && l.status !== 'missing');
  const missing = closure.libraries.filter((l) => l.status === 'missing');
  return [
    `\t${closure.loaderPath}`,
    ...found.map(
      (library) => `\t${library.name} => ${library.object?.path ?? absentWord(library.status)}`,
    ),
    ...missing.flatMap(({ name, error = '', neededBy }) =>
      neededBy.flatMap((by) => {
        const miss = { program: program.path, name, error, neededBy: by };
        return traits?.words.libraryNotFound(miss) ?? [];
      }),
    ),
  ];
}
