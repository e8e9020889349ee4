/**
 * `--format text`, the report: what kind of file it is, which loader it asks for, every library and
 * where it was found, what is missing and where it was looked for, and how much there is to copy.
 */
import type { AuditModule, Closure, Library } from '../../closure/closure.js';
import { closureFiles, totalSize } from '../../closure/closure-files.js';
import { describeTarget } from '../../elf/target.js';
import type { Attempt } from '../../loader/loader.js';
import type { RuntimeNeed } from '../../needs/need.js';
import { styledAbsentWord } from '../absent-word.js';
import { count, formatBytes, type Style, styleFor } from '../style.js';
import { nameOf, type Report, type ReportInput } from './report.js';

export const text: Report = {
  name: 'text',
  summary: 'the report for people (default)',
  needs: 'verbose',
  wantsLoaderMessages: true,
  format(input) {
    const style = styleFor(input.color);
    const parts = input.closures.map((closure) => programLines(closure, input, style).join('\n'));
    if (input.closures.length > 1) parts.push(summaryLines(input, style).join('\n'));
    return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
  },
};

function programLines(closure: Closure, input: ReportInput, style: Style): string[] {
  const { diagnostics, fatal } = closure;
  return [
    style.bold(nameOf(input, closure)),
    `  ${style.plain(describeProgram(closure))}`,
    ...interpreterLines(closure, style),
    ...libraryLines(closure, input.verbose, style),
    ...closure.auditModules.flatMap((module) => auditLines(module, input.verbose, style)),
    ...(fatal === undefined ? [] : [`  ${style.red(`the loader gives up: ${fatal}`)}`]),
    ...(input.quiet ? [] : diagnostics).flatMap(({ message, hint }) => [
      `  ${style.yellow('note')} ${style.plain(message)}`,
      ...(hint === undefined ? [] : [`       ${style.dim(hint)}`]),
    ]),
    ...needLines(input.needs?.get(closure.program.path) ?? [], style),
    `  ${verdict(closure, style)}`,
    ...refusalLines(closure, input, style),
  ];
}

function needLines(needs: readonly RuntimeNeed[], style: Style): string[] {
  if (needs.length === 0) return [];
  const width = Math.max(...needs.map(({ kind }) => kind.length));
  return [
    '  at run time it may also need',
    ...needs.map(({ kind, because, confidence }) => {
      const worth = confidence === 'sure' ? '' : style.dim(`${confidence}: `);
      return `    ${kind.padEnd(width)} ${worth}${style.plain(because)}`;
    }),
  ];
}

/** What kind of file it is, in a few words. */
export function describeProgram(closure: Closure): string {
  const { program, linkage, target, libc } = closure;
  const cpu = target === null ? '' : `${describeTarget(target)} `;
  const { kind, elf } = program;
  if (kind === 'script') return `script, run by ${program.shebang?.interpreter}`;
  if (kind === 'relocatable') return `${cpu}relocatable object: nothing loads it`;
  if (kind === 'core') return `${cpu}core dump: nothing loads it`;
  const what = kind === 'executable' ? 'executable' : 'shared library';
  if (elf?.debugOnly)
    return `${cpu}debug information of ${kind === 'executable' ? 'an' : 'a'} ${what}: nothing loads it`;
  if (linkage !== 'dynamic') return `${linkage} ${cpu}${what}: needs no loader and no library`;
  // A library that needs nothing is for no C library. The C libraries themselves are such libraries.
  const isFor = closure.interpreter !== null || closure.libraries.length > 0;
  return `dynamic ${cpu}${what}${libc === null || !isFor ? '' : ` for ${libc}`}`;
}

function interpreterLines({ interpreter }: Closure, style: Style): string[] {
  if (interpreter === null) return [];
  const { path, realPath } = interpreter;
  if (realPath === undefined)
    return [
      `  interpreter ${style.plain(path)} ${style.red('not found')}`,
      '    without it the kernel says: no such file or directory',
    ];
  return [
    `  interpreter ${style.plain(path)}`,
    ...(realPath === path ? [] : [`    ${style.dim(`-> ${realPath}`)}`]),
  ];
}

function libraryLines(closure: Closure, verbose: boolean, style: Style): string[] {
  return rowLines(closure.libraries, verbose, style);
}

function rowLines(rows: readonly Library[], verbose: boolean, style: Style): string[] {
  // One very long name must not push all the others to the right.
  const width = Math.min(24, Math.max(0, ...rows.map(({ name }) => name.length)));
  return rows.flatMap((library) => [
    `    ${libraryLine(library, width, style)}`,
    ...(library.status === 'missing' ? missingLines(library, style) : []),
    ...(verbose && library.object !== undefined ? triedLines(library.tried, style) : []),
  ]);
}

function auditLines(module: AuditModule, verbose: boolean, style: Style): string[] {
  const { name, source, objects, libraries, tried, refusal } = module;
  const [object] = objects;
  const place = object === undefined ? style.red('not found') : style.plain(object.path);
  const isLost = refusal !== undefined && object !== undefined;
  return [
    `  audit module ${style.plain(name)} ${place}  ${style.dim(source)}${isLost ? ` ${style.red('ignored')}` : ''}`,
    ...(object === undefined || verbose ? triedLines(tried, style) : []),
    ...rowLines(libraries, verbose, style),
  ];
}

function libraryLine(library: Library, width: number, style: Style): string {
  const { name, object, rule, listed, status } = library;
  if (object === undefined)
    return `${style.plain(name).padEnd(width)} ${styledAbsentWord(status, style)}`;
  if (!listed) return `${style.plain(name).padEnd(width)} ${style.dim(`is ${object.path}`)}`;
  const facts = style.dim(`${rule}, ${formatBytes(object.entry.size)}`);
  return name === object.path
    ? `${style.plain(name)}  ${facts}`
    : `${style.plain(name).padEnd(width)} ${style.plain(object.path)}  ${facts}`;
}

function missingLines(library: Library, style: Style): string[] {
  return [
    ...library.neededBy.map((by) => `      needed by ${style.plain(by)}`),
    ...triedLines(library.tried, style),
  ];
}

/** Attempts in the order in which they were made, under a heading for each search rule. */
export function triedLines(tried: readonly Attempt[], style: Style): string[] {
  const lines: string[] = [];
  let heading = '';
  for (const attempt of tried) {
    const next = attempt.from === undefined ? attempt.rule : `${attempt.rule} of ${attempt.from}`;
    if (next !== heading) lines.push(`      ${style.dim(next)}`);
    heading = next;
    lines.push(`        ${style.plain(attempt.path)} ${style.dim(attempt.outcome)}`);
  }
  return lines;
}

/** All files are there, and the loader refuses to start the program. */
function refusalLines(closure: Closure, input: ReportInput, style: Style): string[] {
  const refusal = input.loaderMessages?.get(closure.program.path)?.refusal;
  if (refusal === undefined) return [];
  const advice = style.dim('elfdeps check tells more');
  return [`  ${style.yellow('warning')} it does not start: ${style.plain(refusal)} (${advice})`];
}

function verdict(closure: Closure, style: Style): string {
  const { files, bytes } = totalSize(closureFiles(closure));
  const total = `${count(files, 'file')}, ${formatBytes(bytes)}`;
  if (closure.complete) return `${style.green('complete')}: ${total} to copy`;
  return `${style.red('incomplete')}: ${missingText(closure)}; ${total} found`;
}

function missingText(closure: Closure): string {
  const missing = new Set(
    closure.libraries.filter((l) => l.status === 'missing').map(({ name }) => name),
  ).size;
  const parts = [
    ...(closure.interpreter?.status === 'missing' ? ['the interpreter is missing'] : []),
    ...(missing > 0 ? [`${count(missing, 'library', 'libraries')} missing`] : []),
    ...(closure.fatal === undefined ? [] : ['a library cannot be loaded']),
  ];
  // The first line of a script may name env, which is found, and a program, which is not.
  return parts.length === 0 ? 'the program it starts is missing' : parts.join(', ');
}

function summaryLines(input: ReportInput, style: Style): string[] {
  const { closures } = input;
  const { files, bytes } = totalSize(closures.flatMap(closureFiles));
  const incomplete = closures.filter((closure) => !closure.complete);
  return [
    style.bold('in all'),
    `  ${count(closures.length, 'program')}, ${incomplete.length === 0 ? 'all complete' : `${incomplete.length} incomplete`}: ` +
      `${count(files, 'file')}, ${formatBytes(bytes)} to copy`,
    ...incomplete.map(
      (closure) => `    ${style.red('incomplete')} ${style.plain(nameOf(input, closure))}`,
    ),
  ];
}
