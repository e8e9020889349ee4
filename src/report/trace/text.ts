/**
 * `--format text`, the report: the verdict first, then what is missing and why, the loader, what makes it
 * large, what it needs at run time, the next command, and a table of all libraries.
 */
import type { AuditModule, Closure } from '../../closure/closure.js';
import { triedLines } from '../tried-lines.js';
import { wrapText } from '../wrapped-text.js';
import { describeProgram } from './describe-program.js';
import { libraryTable } from './library-table.js';
import { missingLines } from './missing-lines.js';
import { nextCommand, notExecutable } from './next-command.js';
import { commandLines, labelledPaths, type Page, pageOf } from './page.js';
import { isLong, programList } from './program-list.js';
import type { Report, ReportInput } from './report.js';
import { overview, verdictLine } from './verdict.js';
import { heaviestLines, largestLines } from './weights.js';

export const text: Report = {
  name: 'text',
  options: ['sort', 'all'],
  summary: 'the report for people (default)',
  needs: 'verbose',
  wantsLoaderMessages: true,
  format(input) {
    const { closures } = input;
    const page = pageOf(input);
    if (closures.length === 0) return '';
    const [first] = closures;
    const parts =
      closures.length === 1 && first !== undefined
        ? [
            programLines(first, input, page, [
              ...heaviestLines(first, page),
              ...nextLines(input, page),
            ]),
          ]
        : manyLines(input, page);
    return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
  },
};

/** What there is to say of all programs, then each, those with a fault first. */
function manyLines(input: ReportInput, page: Page): string[][] {
  const { closures } = input;
  const head = [
    ...overview(input, page),
    ...largestLines(closures, page),
    ...nextLines(input, page),
  ];
  const failing = closures.filter(({ complete }) => !complete);
  const good = closures.filter(({ complete }) => complete);
  const blocks = (part: readonly Closure[]) =>
    part.map((closure) => programLines(closure, input, page, []));
  return [
    head,
    ...blocks(failing),
    ...(isLong(good, page) ? [programList(good, input, page)] : blocks(good)),
  ];
}

/** Everything about one program; `more` stands before its table. */
function programLines(
  closure: Closure,
  input: ReportInput,
  page: Page,
  more: readonly string[],
): string[] {
  const { style, columns } = page;
  return [
    ...verdictLine(closure, input, page),
    ...wrapText(style.plain(describeProgram(closure)), { columns, first: '  ', rest: '    ' }),
    ...refusalLines(closure, input, page),
    ...missingLines(closure, input, page),
    ...interpreterLines(closure, page),
    ...(more.length === 0 ? [] : largestLines([closure], page)),
    ...closure.auditModules.flatMap((module) => auditLines(module, input, page)),
    ...noteLines(closure, input, page),
    ...(input.needs === undefined ? [] : needLines(input, closure, page)),
    ...more,
    ...libraryTable(closure.libraries, closure.interpreter?.path, input, page),
  ];
}

function interpreterLines({ interpreter }: Closure, page: Page): string[] {
  if (interpreter?.realPath === undefined) return [];
  const { path, realPath } = interpreter;
  const { style } = page;
  const link = realPath === path ? [] : [style.dim(`-> ${realPath}`)];
  return labelledPaths('interpreter', [style.plain(path), ...link], page);
}

function auditLines(module: AuditModule, input: ReportInput, page: Page): string[] {
  const { style } = page;
  const { name, source, objects, libraries, tried, refusal } = module;
  const [object] = objects;
  const place = object === undefined ? style.red('not found') : style.plain(object.path);
  const isLost = refusal !== undefined && object !== undefined;
  return [
    `  audit module ${style.plain(name)} ${place}  ${style.dim(source)}${isLost ? ` ${style.red('ignored')}` : ''}`,
    ...(object === undefined || input.verbose ? triedLines(tried, style) : []),
    ...libraryTable(libraries, undefined, input, page),
  ];
}

/** Notes, but for those that are the cause of a missing name, which is told with it. */
function noteLines(closure: Closure, input: ReportInput, { style, columns }: Page): string[] {
  if (input.quiet) return [];
  const told = new Set(
    input.reasonOf === undefined
      ? []
      : closure.libraries.filter(({ status }) => status === 'missing').map(({ name }) => name),
  );
  return closure.diagnostics
    .filter((diagnostic) => {
      const { code } = diagnostic;
      return !((code === 'CACHE_MISSING' || code === 'CACHE_STALE') && told.has(diagnostic.name));
    })
    .flatMap(({ message, hint }) => [
      ...wrapText(style.plain(message), {
        columns,
        first: `  ${style.yellow('note')} `,
        rest: '       ',
      }),
      ...(hint === undefined ? [] : wrapText(style.dim(hint), { columns, first: '       ' })),
    ]);
}

function needLines(input: ReportInput, { program }: Closure, page: Page): string[] {
  const needs = input.needs?.get(program.path) ?? [];
  const { style, columns } = page;
  if (needs.length === 0 && (program.kind === 'relocatable' || program.kind === 'core')) return [];
  if (needs.length === 0) return ['  no needs at run time are found'];
  const width = Math.max(...needs.map(({ kind }) => kind.length));
  return [
    '  at run time it may also need',
    ...needs.flatMap(({ kind, because, confidence }) => {
      const worth = confidence === 'sure' ? '' : style.dim(`${confidence}: `);
      return wrapText(worth + style.plain(because), {
        columns,
        first: `    ${kind.padEnd(width)}  `,
        rest: ' '.repeat(width + 6),
      });
    }),
  ];
}

/** All files are there, and the loader refuses to start the program. */
function refusalLines(closure: Closure, input: ReportInput, { style }: Page): string[] {
  const refusal = input.loaderMessages?.get(closure.program.path)?.refusal;
  const modes = notExecutable(closure).map(
    (path) => `  ${style.yellow('warning')} ${style.plain(path)} has no execute bit`,
  );
  if (refusal === undefined) return modes;
  return [
    ...modes,
    `  ${style.yellow('warning')} it does not start:`,
    ...refusal.split('\n').map((line) => `    ${style.dim(`> ${line}`)}`),
  ];
}

function nextLines(input: ReportInput, page: Page): string[] {
  const next = nextCommand(input);
  if (next === undefined) return [];
  return labelledPaths(
    'next',
    [...commandLines(next.words, page).map(page.style.plain), page.style.dim(`# ${next.what}`)],
    page,
  );
}
