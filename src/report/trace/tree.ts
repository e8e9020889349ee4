/**
 * `--format tree`: who needs what. An object's own needs are shown where it first appears.
 */

import type { Closure, Library, LibraryStatus } from '../../closure/closure.js';
import type { LoadedObject } from '../../loader/loader.js';
import { absentWord } from '../absent-word.js';
import { type Style, styleFor } from '../style.js';
import { MAX_LEVELS, nameOf, type Report } from './report.js';

export const tree: Report = {
  name: 'tree',
  summary: 'a tree of needs, with the rule that found each library',
  format(input) {
    const style = styleFor(input.color);
    return input.closures
      .map((closure) => {
        const lines = [style.bold(nameOf(input, closure))];
        branch({ lines, closure, shown: new Set(), style }, topLevel(closure), '', 1);
        lines.push(...failures(closure).map(style.red));
        return `${lines.join('\n')}\n`;
      })
      .join('\n');
  },
};

/** Reasons why the program does not run that the tree of libraries does not show. */
function failures({ interpreter, fatal }: Closure): string[] {
  return [
    ...(interpreter?.status === 'missing' ? [`interpreter ${interpreter.path} => not found`] : []),
    ...(fatal === undefined ? [] : [`the loader gives up: ${fatal}`]),
  ];
}

/** The preloads, then what the program itself needs. */
function topLevel(closure: Closure): readonly Library[] {
  const preloads = closure.libraries.filter((l) => l.object?.role === 'preload' && l.listed);
  return [...preloads, ...needsOf(closure, closure.program.path, closure.objects[0])];
}

function needsOf(
  closure: Closure,
  path: string,
  object: LoadedObject | undefined,
): readonly Library[] {
  return (object?.elf.dynamic?.needs ?? []).flatMap(
    ({ name }) =>
      closure.libraries.find((l) => l.needed === name && l.neededBy.includes(path)) ?? [],
  );
}

interface Drawing {
  readonly lines: string[];
  readonly closure: Closure;
  /** Objects whose needs are drawn already. */
  readonly shown: Set<LoadedObject>;
  readonly style: Style;
}

function branch(
  drawing: Drawing,
  libraries: readonly Library[],
  indent: string,
  level: number,
): void {
  const { lines, closure, shown, style } = drawing;
  libraries.forEach((library, index) => {
    const isLast = index === libraries.length - 1;
    const { object } = library;
    const isNew = object !== undefined && !shown.has(object);
    const below = isNew ? needsOf(closure, object.path, object) : [];
    const isTooDeep = level === MAX_LEVELS && below.length > 0;
    const line = `${indent}${isLast ? '└── ' : '├── '}${describe(library, shown, style)}`;
    lines.push(isTooDeep ? `${line} ${style.dim('...')}` : line);
    if (!isNew || isTooDeep) return;
    shown.add(object);
    branch(drawing, below, `${indent}${isLast ? '    ' : '│   '}`, level + 1);
  });
}

function describe(library: Library, shown: ReadonlySet<LoadedObject>, style: Style): string {
  const { name, object, status } = library;
  if (object === undefined) return absent(name, status, style);
  if (shown.has(object)) return style.dim(`${name} (above)`);
  const arrow = name === object.path ? object.path : `${name} => ${object.path}`;
  return `${style.plain(arrow)} ${style.dim(`[${ruleOf(library)}]`)}`;
}

function absent(name: string, status: LibraryStatus, style: Style): string {
  const line = `${name} => ${absentWord(status)}`;
  return status === 'excluded' ? style.dim(line) : style.red(line);
}

/** How the file was found, even if this name is a second one for it. */
function ruleOf({ rule, object }: Library): string | undefined {
  return rule === 'already-loaded' ? object?.rule : rule;
}
