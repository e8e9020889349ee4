/**
 * The data of the page with what the parts of it ask: who needs a file, the shortest chain to it, and the
 * address that shows it.
 */
import type { PageData, PageFile, PageProgram } from '../page-data.js';

/** What an address means. */
export type Target =
  | { readonly kind: 'file'; readonly file: number }
  | { readonly kind: 'program'; readonly program: number };

/** Read once, when the page opens. */
export class Model {
  readonly data: PageData;
  /** The places of the files that a file needs, and of those that need it; each once. */
  readonly needsOf: readonly (readonly number[])[];
  readonly needersOf: readonly (readonly number[])[];
  /** The programs that load a file, by their places. */
  readonly programsOf: readonly (readonly number[])[];
  readonly #kinds = new Map<string, string>();
  readonly #byName = new Map<string, number>();

  constructor(data: PageData) {
    this.data = data;
    const needsOf = data.files.map(() => new Set<number>());
    const needersOf = data.files.map(() => new Set<number>());
    const programsOf = data.files.map((): number[] => []);
    for (const [from, to, kind] of data.needs) {
      needsOf[from]?.add(to);
      needersOf[to]?.add(from);
      if (kind !== undefined) this.#kinds.set(`${from} ${to}`, kind);
    }
    // A file that is needed in two ways is needed in the usual one.
    for (const [from, to, kind] of data.needs)
      if (kind === undefined) this.#kinds.delete(`${from} ${to}`);
    data.programs.forEach(({ loads }, index) => {
      for (const file of loads) programsOf[file]?.push(index);
    });
    this.needsOf = needsOf.map((each) => [...each]);
    this.needersOf = needersOf.map((each) => [...each]);
    this.programsOf = programsOf;
    this.#indexNames();
  }

  /** A name belongs to the first file that has it; the others are called by their paths. */
  #indexNames(): void {
    const { files } = this.data;
    const add = (name: string | undefined, index: number) => {
      if (name !== undefined && !this.#byName.has(name)) this.#byName.set(name, index);
    };
    files.forEach(({ name }, index) => {
      add(name, index);
    });
    files.forEach(({ path, realPath, searches }, index) => {
      for (const text of [path, realPath, ...searches.map((each) => each.name)]) add(text, index);
    });
  }

  file(index: number): PageFile {
    return this.data.files[index] as PageFile;
  }

  program(index: number): PageProgram {
    return this.data.programs[index] as PageProgram;
  }

  /** The first program that a file is; undefined for libraries. */
  programAt(file: number): number | undefined {
    const index = this.data.programs.findIndex((each) => each.file === file);
    return index < 0 ? undefined : index;
  }

  /** How one file needs another, where it is not DT_NEEDED. */
  kindOf(from: number, to: number): string | undefined {
    return this.#kinds.get(`${from} ${to}`);
  }

  /** The part of the page's address from the `#` on that shows a file. */
  address(index: number): string {
    const program = this.programAt(index);
    if (program !== undefined) return this.addressOfProgram(program);
    const { name, path } = this.file(index);
    return `#lib=${encoded(this.#byName.get(name) === index ? name : (path ?? name))}`;
  }

  /** The same for a program; a file may be several of them, by several names. */
  addressOfProgram(index: number): string {
    return `#program=${encoded(this.program(index).name)}`;
  }

  /** What an address shows; undefined for one that means nothing here. */
  find(address: string): Target | undefined {
    const [, kind, text = ''] = /^#(lib|program)=(.*)$/.exec(address) ?? [];
    if (kind === undefined) return undefined;
    const name = decoded(text);
    const named = this.data.programs.findIndex((each) => each.name === name);
    if (kind === 'program' && named >= 0) return { kind, program: named };
    const file = this.#byName.get(name);
    if (file === undefined) return undefined;
    const program = this.programAt(file);
    return program === undefined ? { kind: 'file', file } : { kind: 'program', program };
  }

  /** The files from a program to `target`, both included; one of the shortest chains. */
  chainTo(target: number): readonly number[] {
    const starts = new Set(this.data.programs.map(({ file }) => file));
    const next = new Map<number, number | undefined>([[target, undefined]]);
    for (const [at] of next) {
      if (starts.has(at)) return chain(at, next);
      for (const needer of this.needersOf[at] ?? []) if (!next.has(needer)) next.set(needer, at);
    }
    return [target];
  }
}

function chain(start: number, next: ReadonlyMap<number, number | undefined>): number[] {
  const found: number[] = [];
  for (let at: number | undefined = start; at !== undefined; at = next.get(at)) found.push(at);
  return found;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
