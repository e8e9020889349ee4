/**
 * The first line of the text report: the state of a program, its files, their size, and the oldest glibc
 * that it runs with. The same for all programs together.
 */

import { newestVersion } from '../../check/symbols/minimum-versions.js';
import { type Closure, isOptional } from '../../closure/closure.js';
import { closureFiles, totalSize } from '../../closure/closure-files.js';
import { isLostInterpreter } from '../../needs/lost-interpreter.js';
import { count, formatBytes } from '../style.js';
import { commaList, wrapWords } from '../wrapped-text.js';
import { notExecutable } from './next-command.js';
import type { Page } from './page.js';
import { nameOf, programCount, type ReportInput } from './report.js';

/** The verdict on one program. In a pipe it is one line, so that it can be searched for. */
export function verdictLine(closure: Closure, input: ReportInput, page: Page): string[] {
  const { style } = page;
  const { files, bytes } = totalSize(closureFiles(closure));
  const glibc = input.minimumGlibc?.(closure);
  const facts = [
    ...stateWords(closure, input, page),
    ...(closure.complete
      ? [count(files, 'file'), `${formatBytes(bytes)} to copy`]
      : [`${count(files, 'file')} found`, formatBytes(bytes)]),
    ...(glibc === undefined ? [] : [`needs glibc ${glibc}`]),
  ];
  return oneParagraph(style.bold(`${nameOf(input, closure)}:`), facts, page);
}

/** `complete`, or what is missing. */
function stateWords(closure: Closure, input: ReportInput, { style }: Page): string[] {
  if (!closure.complete) return [style.red('incomplete'), ...missingWords(closure)];
  const isRefused =
    input.loaderMessages?.get(closure.program.path)?.refusal !== undefined ||
    notExecutable(closure).length > 0;
  return isRefused
    ? [style.green('complete'), style.yellow('does not start')]
    : [style.green('complete')];
}

function missingWords(closure: Closure): string[] {
  const names = closure.libraries
    .filter(
      (library) =>
        library.status === 'missing' &&
        !isOptional(library) &&
        !isLostInterpreter(closure, library),
    )
    .map(({ name }) => name);
  const missing = new Set(names).size;
  const words = [
    ...(closure.interpreter?.status === 'missing' ? ['the interpreter is missing'] : []),
    ...(missing > 0 ? [`${count(missing, 'library', 'libraries')} missing`] : []),
    ...(closure.fatal === undefined ? [] : ['a library cannot be loaded']),
  ];
  // The first line of a script may name env, which is found, and a program, which is not.
  return words.length === 0 ? ['the program it starts is missing'] : words;
}

/** The verdict on all programs together. */
export function overview(input: ReportInput, page: Page): string[] {
  const { closures, errors, minimumGlibc } = input;
  const { style } = page;
  const { files, bytes } = totalSize(closures.flatMap(closureFiles));
  const incomplete = closures.filter(({ complete }) => !complete).length;
  const newest = newestVersion(closures.map((closure) => minimumGlibc?.(closure)));
  const facts = [
    incomplete === 0
      ? style.green(errors.length === 0 ? 'all complete' : 'complete')
      : style.red(`${incomplete} incomplete`),
    ...(errors.length === 0
      ? []
      : [style.red(`${count(errors.length, 'file')} could not be read`)]),
    count(files, 'file'),
    incomplete === 0 ? `${formatBytes(bytes)} to copy` : formatBytes(bytes),
    ...(newest === undefined ? [] : [`needs glibc ${newest}`]),
  ];
  return oneParagraph(style.bold(`${programCount(closures, input)}:`), facts, page);
}

function oneParagraph(name: string, facts: readonly string[], { rowColumns }: Page): string[] {
  // A name is one word, whatever is in it, and so is a number with its unit.
  return wrapWords([name, ...commaList(facts)], { columns: rowColumns, first: '', rest: '    ' });
}
