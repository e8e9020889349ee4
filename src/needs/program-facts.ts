/**
 * What detectors and checks ask about one program: which object imports a symbol, which libraries are loaded,
 * what the program's read-only data says, and what the root has.
 */

import type { Closure } from '../closure/closure.js';
import { type StartPlace, startPlace } from '../files/path-search.js';
import type { RootElf } from '../files/root-elf.js';
import type { RootFiles } from '../files/root-files.js';
import type { ConfiguredLoader, LoadedObject } from '../loader/loader.js';
import { type LibcPart, RELEASE_TEXT } from '../loader/traits.js';
import { findPackages } from '../packages/find-packages.js';
import type { PackageDatabase } from '../packages/package.js';
import { type Account, accountsOf, type Group } from '../root/accounts.js';
import { madeOnce } from '../root/made-once.js';
import { baseName } from '../root/path-text.js';
import { DlopenProbe } from './dlopen-probe.js';
import { type Evidence, evidenceText, type Import } from './evidence.js';

/** What the user says about the image; nothing of it is required. */
export interface NeedOptions {
  /** Variables of the image. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Who runs the program, as in --user. */
  readonly user?: string;
  /** How much of .note.dlopen counts; `required` without it. */
  readonly dlopen?: 'required' | 'recommended' | 'suggested' | 'none';
  /** Kinds that the user wants whether or not anything speaks for them. */
  readonly asked?: readonly string[];
  /**
   * Paths that the user adds by themselves: what no package owns of these is an application.
   * @internal
   */
  readonly added?: readonly string[];
}

const userNames = madeOnce(({ root }: RootFiles) => {
  const { accounts, groups } = accountsOf(root);
  return new Set([...accounts, ...groups].map(({ name }) => name));
});

/**
 * What detectors and checks ask about one program.
 * @internal
 */
export class ProgramFacts {
  readonly closure: Closure;
  readonly files: RootFiles;
  readonly options: NeedOptions;
  /** Paths of the scripts of the trace that this program runs. */
  readonly scripts: readonly string[];
  /** Whether the user names the program, and not only a script that it runs. */
  readonly isNamed: boolean;
  /** Paths of other programs that the user names beside it. */
  readonly together: readonly string[];
  /** Where the program looks for those that it starts. */
  readonly place: StartPlace;
  readonly #outsideOfLibc: readonly LoadedObject[];
  readonly #opener: DlopenProbe;

  /**
   * `configured` is the program's loader; absent where nothing is loaded. `started` tells how the trace
   * came to the program; without it the user named it.
   */
  constructor(
    closure: Closure,
    files: RootFiles,
    options: NeedOptions,
    configured?: ConfiguredLoader,
    started: {
      readonly scripts?: readonly string[];
      readonly isNamed?: boolean;
      readonly together?: readonly string[];
      readonly place?: StartPlace;
    } = {},
  ) {
    this.closure = closure;
    this.files = files;
    this.options = options;
    this.scripts = started.scripts ?? [];
    this.isNamed = started.isNamed ?? true;
    this.together = started.together ?? [];
    this.place = started.place ?? startPlace({});
    this.#opener = new DlopenProbe(closure, files, configured);
    this.#outsideOfLibc = closure.objects.filter(
      ({ name, role }) =>
        // Parts of a C library call each other: that is no evidence about the program.
        role === 'program' || (role !== 'interpreter' && !closure.traits?.isOwn(baseName(name))),
    );
  }

  /**
   * The first object outside of the C library that imports one of `names`, the program before its
   * libraries; a static program, where it has one of them in itself.
   */
  findImport(names: readonly string[]): Import | undefined {
    for (const object of this.#outsideOfLibc) {
      const found = this.#callOf(object, names);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The first of `names` that an object imports, or a static program has in itself. */
  findImportOf(object: LoadedObject, names: readonly string[]): Import | undefined {
    return this.#callOf(object, names);
  }

  /** The program and its libraries, without the parts of the C library. */
  get outsideOfLibc(): readonly LoadedObject[] {
    return this.#outsideOfLibc;
  }

  /** The libraries that are loaded beside the C library, in the order of loading. */
  get libraries(): LoadedObject[] {
    return this.#outsideOfLibc.filter(({ role }) => role !== 'program');
  }

  /** Whether a dlopen() of a name by an object would succeed; false where nothing is loaded. */
  finds(name: string, object: LoadedObject): boolean {
    return this.#opener.open(name, object).found;
  }

  /** The path that a dlopen() of a name by an object would open; undefined where it would fail. */
  pathOf(name: string, object: LoadedObject): string | undefined {
    return this.#opener.open(name, object).path;
  }

  /** Whether a name that an object opens is a file that the trace has opened already. */
  isOpen(name: string, object: LoadedObject): boolean {
    const { path } = this.#opener.open(name, object);
    const file = path === undefined ? undefined : this.files.resolve(path);
    if (file?.found !== true) return false;
    return this.closure.objects.some(({ realPath }) => realPath === file.path);
  }

  /** The first of `names` that the program itself imports, or has in itself. */
  findOwnImport(names: readonly string[]): Import | undefined {
    return this.program && this.#callOf(this.program, names);
  }

  #callOf(object: LoadedObject, names: readonly string[]): Import | undefined {
    const isStatic = this.closure.linkage !== 'dynamic';
    const calls = isStatic ? this.files.code.functions(object) : this.files.code.imports(object);
    const symbol = calls.size === 0 ? undefined : names.find((name) => calls.has(name));
    return symbol === undefined
      ? undefined
      : { object, symbol, text: `${isStatic ? 'has' : 'imports'} ${symbol}` };
  }

  /** An import of one of `names`, or a function of Go that the program has. */
  findCall(names: readonly string[], ofGo: readonly string[] = []): Evidence | undefined {
    return this.findImport(names) ?? this.findInGo(ofGo);
  }

  /** The evidence in words, or that the user asks for this kind. */
  because(kind: string, evidence: Evidence | undefined): string | undefined {
    if (evidence !== undefined) return evidenceText(evidence);
    return this.isAsked(kind) ? `--with ${kind}` : undefined;
  }

  /** Whether the user asks for a kind by its name. */
  isAsked(kind: string): boolean {
    const asked = this.options.asked ?? [];
    return asked.includes(kind) || this.askedValue(kind) !== undefined;
  }

  /** The value of a kind that the user asks for: `all` of `fonts=all`; undefined without one. */
  askedValue(kind: string): string | undefined {
    const asked = this.options.asked?.find((name) => name.startsWith(`${kind}=`));
    return asked?.slice(kind.length + 1);
  }

  /** Whether the program is one of Go. */
  get isGo(): boolean {
    return this.program !== undefined && this.files.code.goProgram(this.program) !== undefined;
  }

  /** The N of go1.N that built the program; undefined for other programs. */
  get goMinor(): number | undefined {
    const version = this.program && this.files.code.goProgram(this.program)?.version;
    const minor = /^go1\.(\d+)/.exec(version ?? '')?.[1];
    return minor === undefined ? undefined : Number(minor);
  }

  /** A function of Go that the program has, with the release that built it. */
  findInGo(names: readonly string[]): Evidence | undefined {
    const { program, closure } = this;
    const go = program && this.files.code.goProgram(program);
    const name = names.find((each) => go?.functions.has(each));
    if (program === undefined || go === undefined || name === undefined) return undefined;
    const isOff = go.settings.get('CGO_ENABLED') === '0';
    // A static program without that setting may have a libc in itself, or none.
    const cgo = isOff ? ', without cgo' : closure.libc !== null ? ', with cgo' : '';
    return { object: program, text: `has ${name} (${go.version}${cgo})` };
  }

  /** The program as an object; absent when nothing of it is loaded (a script). */
  get program(): LoadedObject | undefined {
    return this.closure.objects[0];
  }

  /** Whether the program's C library opens files of this kind by itself; false where none is loaded. */
  libcHas(part: LibcPart): boolean {
    return this.closure.traits?.libcParts.has(part) === true;
  }

  /** The loaded object whose soname or file name fits. */
  loaded(name: RegExp): LoadedObject | undefined {
    return this.closure.objects.find(
      (object) => name.test(object.elf.dynamic?.soname ?? '') || name.test(baseName(object.path)),
    );
  }

  /** The C library that is loaded; undefined where none is. */
  get libc(): LoadedObject | undefined {
    const { traits } = this.closure;
    return traits === null ? undefined : this.loaded(traits.libc);
  }

  /** The N of glibc 2.N, as its libc says; undefined for other C libraries. */
  get glibcMinor(): number | undefined {
    if (this.closure.traits?.banners === undefined) return undefined;
    const { libc } = this;
    if (libc === undefined) return undefined;
    const banner = this.findText(libc, RELEASE_TEXT);
    const release = /release version 2\.(\d+)/.exec(banner ?? '')?.[1];
    return release === undefined ? this.files.code.glibcMinor(libc) : Number(release);
  }

  /** The path, if there is a file or directory in the root. */
  existing(path: string): string[] {
    return this.files.resolve(path).found ? [path] : [];
  }

  /** The names in a directory of the root; none where there is no such directory. */
  namesIn(directory: string): readonly string[] {
    return this.files.namesIn(directory);
  }

  /** The text of a configuration file, or undefined when it cannot be read. */
  readText(path: string): string | undefined {
    return this.files.readText(path);
  }

  /**
   * The first text in an object's data that contains `part` and is accepted: the characters around
   * it up to the next NUL or line break.
   */
  findText(
    object: RootElf,
    part: string,
    accept: (text: string) => boolean = () => true,
  ): string | undefined {
    return this.files.texts.find(object, part).find(accept);
  }

  /** All of them, in file order. */
  findTexts(object: RootElf, part: string): readonly string[] {
    return this.files.texts.find(object, part);
  }

  /** Which of `names` stand in an object's data as a whole, between two NUL bytes. */
  textsAmong(object: RootElf, names: readonly string[]): ReadonlySet<string> {
    return this.files.texts.among(object, names);
  }

  /** The same for a set that is one and the same for many programs. */
  wordsAmong(object: RootElf, names: ReadonlySet<string>): ReadonlySet<string> {
    return this.files.texts.inVocabulary(object, names);
  }

  /** The names of {@link accounts} and {@link groups}. */
  get userNames(): ReadonlySet<string> {
    return userNames(this.files);
  }

  /**
   * Which packages the root's files belong to; read when it is first asked. Undefined where the root has
   * no package database that can be read: the evidence is weaker then.
   */
  get packages(): PackageDatabase | undefined {
    return findPackages(this.files).database;
  }

  /** The accounts of the root; none without /etc/passwd. */
  get accounts(): readonly Account[] {
    return accountsOf(this.files.root).accounts;
  }

  /** The groups of the root; none without /etc/group. */
  get groups(): readonly Group[] {
    return accountsOf(this.files.root).groups;
  }

  /** An ELF file of the root that is not loaded; undefined where there is none. */
  fileAt(path: string): RootElf | undefined {
    return this.files.elfAt(path);
  }
}
