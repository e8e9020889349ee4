/**
 * `--format tree`: who needs what. An object's own needs are shown where it first appears.
 */
import type { Closure, Library } from '../closure/closure.js';
import type { LoadedObject } from '../loader/loader.js';
import { nameOf, type Report } from './report.js';
import { type Style, styleFor } from './style.js';

export const tree: Report = {
  name: 'tree',
  summary: 'a tree of needs, with the rule that found each library',
  format(input) {
    const style = styleFor(input.color);
    return input.closures
      .map((closure) => {
        const lines = [style.bold(nameOf(input, closure))];
        branch(lines, closure, topLevel(closure), '', new Set(), style);
        lines.push(...failures(closure).map(style.red));
        return `${lines.join('\n')}\n`;
      })
      .join('\n');
  },
};

/** Why the program does not run although every library in the tree may be there. */
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

function branch(
  lines: string[],
  closure: Closure,
  libraries: readonly Library[],
  indent: string,
  shown: Set<LoadedObject>,
  style: Style,
): void {
  libraries.forEach((library, index) => {
    const isLast = index === libraries.length - 1;
    const { object } = library;
    lines.push(`${indent}${isLast ? '└── ' : '├── '}${describe(library, shown, style)}`);
    if (object === undefined || shown.has(object)) return;
    shown.add(object);
    const below = needsOf(closure, object.path, object);
    branch(lines, closure, below, `${indent}${isLast ? '    ' : '│   '}`, shown, style);
  });
}

function describe(library: Library, shown: ReadonlySet<LoadedObject>, style: Style): string {
  const { name, object } = library;
  if (object === undefined) return style.red(`${name} => not found`);
  if (shown.has(object)) return style.dim(`${name} (above)`);
  const arrow = name === object.path ? object.path : `${name} => ${object.path}`;
  return `${style.plain(arrow)} ${style.dim(`[${ruleOf(library)}]`)}`;
}

/** How the file was found, also where this name is only another one for it. */
function ruleOf({ rule, object }: Library): string | undefined {
  return rule === 'already-loaded' ? object?.rule : rule;
}
