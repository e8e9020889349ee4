/**
 * `--format tree`: who needs what. An object's own needs are shown where it first appears. The common
 * place of the libraries is said once, and those of the C library are left out unless asked for.
 */
import { type Closure, isOptional, type Library } from '../../closure/closure.js';
import type { LoadedObject } from '../../loader/loader.js';
import { commaList, wrapWords } from '../wrapped-text.js';
import { commonPlace, placeTitle } from './library-place.js';
import { sorted } from './library-table.js';
import { type Page, pageOf } from './page.js';
import { MAX_LEVELS, nameOf, type Report, type ReportInput } from './report.js';
import { type Branch, branchLines } from './tree-lines.js';

export const tree: Report = {
  name: 'tree',
  summary: 'a tree of needs, with sizes',
  options: ['depth', 'sort', 'all'],
  format(input) {
    const page = pageOf(input);
    return input.closures
      .map((closure) => `${treeLines(closure, input, page).join('\n')}\n`)
      .join('\n');
  },
};

function treeLines(closure: Closure, input: ReportInput, page: Page): string[] {
  const { style } = page;
  const drawing = new Drawing(closure, input, page);
  const libraries = closure.libraries.filter(({ status }) => status !== 'missing');
  const common = commonPlace(libraries);
  const title = common === undefined ? '' : placeTitle(libraries, common, style);
  const name = style.bold(nameOf(input, closure));
  const words = title === '' ? [name] : [`${name}:`, ...title.split(' ')];
  return [
    ...wrapWords(words, { columns: page.rowColumns, first: '', rest: '    ' }),
    ...branchLines(drawing.branches(), { common, page }),
    ...(closure.fatal === undefined ? [] : [style.red(`the loader gives up: ${closure.fatal}`)]),
    ...hiddenLines(
      libraries.filter((library) => drawing.isHidden(library)),
      page,
    ),
  ];
}

function hiddenLines(hidden: readonly Library[], { style, rowColumns }: Page): string[] {
  if (hidden.length === 0) return [];
  const names = [...new Set(hidden.map(({ name }) => name))];
  const words = ['not', 'shown:', ...commaList(names), '(--all)'].map(style.dim);
  return wrapWords(words, { columns: rowColumns, first: '', rest: '    ' });
}

/** Walks the needs of one program. */
class Drawing {
  readonly #closure: Closure;
  readonly #input: ReportInput;
  readonly #page: Page;
  /** Objects whose needs are drawn already. */
  readonly #shown = new Set<LoadedObject>();
  readonly #byNeeder = new Map<string, Library>();
  readonly #isHidden = new Map<Library, boolean>();

  constructor(closure: Closure, input: ReportInput, page: Page) {
    this.#closure = closure;
    this.#input = input;
    this.#page = page;
    for (const library of closure.libraries)
      for (const needer of library.neededBy) {
        const key = `${library.needed}\0${needer}`;
        if (!this.#byNeeder.has(key)) this.#byNeeder.set(key, library);
      }
  }

  /** Whether a library is left out: a usual one that needs only usual ones. */
  isHidden(library: Library): boolean {
    const { isUsual, all = false } = this.#input;
    if (all || isUsual === undefined || library.status === 'missing') return false;
    const known = this.#isHidden.get(library);
    if (known !== undefined) return known;
    const isHidden =
      isUsual(this.#closure, library) &&
      this.#needsOf(library.object?.path ?? '', library.object).every((need) =>
        isUsual(this.#closure, need),
      );
    this.#isHidden.set(library, isHidden);
    return isHidden;
  }

  /** The interpreter if it is missing, the preloads, then what the program itself needs. */
  branches(): Branch[] {
    const { interpreter, libraries, program, objects } = this.#closure;
    const preloads = libraries.filter((l) => l.object?.role === 'preload' && l.listed);
    const lost: Branch[] =
      interpreter?.status === 'missing'
        ? [{ kind: 'missing', name: interpreter.path, note: 'interpreter' }]
        : [];
    const needs = this.#needsOf(program.path, objects[0]);
    return [...lost, ...this.#draw([...preloads, ...needs], 1)];
  }

  #needsOf(path: string, object: LoadedObject | undefined): readonly Library[] {
    return (object?.elf.dynamic?.needs ?? []).flatMap(
      ({ name }) => this.#byNeeder.get(`${name}\0${path}`) ?? [],
    );
  }

  #draw(libraries: readonly Library[], level: number): Branch[] {
    const visible = libraries.filter((library) => !this.isHidden(library));
    const branches = sorted(visible, this.#input.sort).map((library) =>
      this.#branch(library, level),
    );
    // On a terminal, repeated names share a line.
    if (!this.#page.isCut) return branches;
    const repeated = branches.filter(({ kind }) => kind === 'above');
    if (repeated.length < 2) return branches;
    const names = repeated.flatMap(({ name }) => name);
    return [
      ...branches.filter(({ kind }) => kind !== 'above'),
      { kind: 'above', name: commaList(names).join(' ') },
    ];
  }

  #branch(library: Library, level: number): Branch {
    const { name, object, status } = library;
    if (object === undefined)
      return status === 'excluded'
        ? { kind: 'excluded', name }
        : { kind: 'missing', name, note: isOptional(library) ? 'not required' : undefined };
    if (this.#shown.has(object)) return { kind: 'above', name };
    const needs = this.#needsOf(object.path, object).filter((need) => !this.isHidden(need));
    const isTooDeep = level >= Math.min(MAX_LEVELS, this.#input.depth ?? MAX_LEVELS);
    if (isTooDeep) {
      if (needs.length === 0) this.#shown.add(object);
      return { kind: 'found', name, library, isEnd: needs.length > 0 };
    }
    this.#shown.add(object);
    return { kind: 'found', name, library, below: this.#draw(needs, level + 1) };
  }
}
