/**
 * What detectors ask about single objects and files, found out once however many programs there are:
 * imported names, the release of a libc, programs of Go, names and texts of the root; texts in objects
 * are found by object-texts.ts.
 */

import type { ByteSource } from '../elf/byte-source.js';
import { ElfdepsError } from '../errors.js';
import { namesIn } from '../root/list-directory.js';
import type { RealPath } from '../root/root.js';
import type { ElfSymbols } from './elf-symbols.js';
import { ElfTexts } from './elf-texts.js';
import { readFunctions } from './function-names.js';
import { type GoBuild, goFunctions, readGoBuild } from './go-build.js';
import type { RootElf, RootFiles } from './root-files.js';

const NO_NAMES: ReadonlySet<string> = new Set();

/** How a program of Go was built, and which of {@link goFunctions} it has. */
interface GoProgram extends GoBuild {
  readonly functions: ReadonlySet<string>;
}

export class ElfFacts {
  readonly files: RootFiles;
  readonly texts: ElfTexts;
  readonly #symbols: ElfSymbols;
  readonly #imports = new Map<RealPath, ReadonlySet<string>>();
  readonly #names = new Map<string, readonly string[]>();
  readonly #lines = new Map<string, string | undefined>();
  readonly #functions = new Map<RealPath, ReadonlySet<string>>();
  readonly #goPrograms = new Map<RealPath, GoProgram | null>();

  constructor(files: RootFiles, symbols: ElfSymbols) {
    this.files = files;
    this.texts = new ElfTexts(files.root);
    this.#symbols = symbols;
  }

  /** Names without versions; none where the tables are damaged, which checks tell. */
  imports(object: RootElf): ReadonlySet<string> {
    let names = this.#imports.get(object.realPath);
    if (names === undefined) {
      names = unlessDamaged(() => this.#symbols.importedNames(object)) ?? NO_NAMES;
      this.#imports.set(object.realPath, names);
    }
    return names;
  }

  /** Functions that are linked into a static program; none where it is stripped. */
  functions(program: RootElf): ReadonlySet<string> {
    let names = this.#functions.get(program.realPath);
    if (names === undefined) {
      names = readFunctions(this.#source(program), program.elf);
      this.#functions.set(program.realPath, names);
    }
    return names;
  }

  #source(object: RootElf): ByteSource {
    return {
      size: object.entry.size,
      read: (offset, length) => this.texts.read(object, offset, length),
    };
  }

  /** The N of the highest GLIBC_2.N that a libc defines. */
  glibcMinor(libc: RootElf): number | undefined {
    const definitions = unlessDamaged(() => this.#symbols.versions(libc)?.definitions) ?? [];
    const minors = definitions.flatMap(({ name }) =>
      /^GLIBC_2\.\d+$/.test(name) ? [Number(name.slice('GLIBC_2.'.length))] : [],
    );
    return minors.length === 0 ? undefined : minors.reduce((a, b) => Math.max(a, b));
  }

  /** What a program of Go tells; undefined for every other object. */
  goProgram(object: RootElf): GoProgram | undefined {
    let program = this.#goPrograms.get(object.realPath);
    if (program === undefined) {
      const build = readGoBuild(this.#source(object), object.elf);
      const names = Object.values(goFunctions).flat();
      program = build ? { ...build, functions: this.texts.among(object, names) } : null;
      this.#goPrograms.set(object.realPath, program);
    }
    return program ?? undefined;
  }

  /** The names in a directory of the root; none where there is no such directory. */
  namesIn(directory: string): readonly string[] {
    const names = this.#names.get(directory) ?? namesIn(this.files.root, directory);
    this.#names.set(directory, names);
    return names;
  }

  /** The text of a configuration file, or undefined when it cannot be read. */
  readText(path: string): string | undefined {
    if (!this.#lines.has(path)) this.#lines.set(path, this.files.readText(path));
    return this.#lines.get(path);
  }
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ElfdepsError) return undefined;
    throw error;
  }
}
