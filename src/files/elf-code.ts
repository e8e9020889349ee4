/**
 * What the code of ELF files says about itself, found once in a run however many programs ask: the
 * names that an object imports, the functions of a static program, how Go built a program.
 */
import type { ByteSource } from '../elf/byte-source.js';
import { ElfdepsError } from '../errors.js';
import type { Root } from '../root/root.js';
import type { ElfSymbols } from './elf-symbols.js';
import type { ElfTexts } from './elf-texts.js';
import type { FileStore } from './file-store.js';
import { readFunctions } from './function-names.js';
import { type GoProgram, goFunctions, readGoBuild } from './go-build.js';
import type { RootElf } from './root-elf.js';

const GO_FUNCTIONS: ReadonlySet<string> = new Set(Object.values(goFunctions).flat());
const NO_NAMES: ReadonlySet<string> = new Set();

/** The code of the files of one root. */
export class ElfCode {
  readonly #root: Root;
  readonly #store: FileStore;
  readonly #symbols: ElfSymbols;
  readonly #texts: ElfTexts;

  constructor(root: Root, store: FileStore, symbols: ElfSymbols, texts: ElfTexts) {
    this.#root = root;
    this.#store = store;
    this.#symbols = symbols;
    this.#texts = texts;
  }

  /** Imported names without versions; none where the tables are damaged, which checks report. */
  imports(object: RootElf): ReadonlySet<string> {
    const record = this.#store.record(this.#root, object.realPath);
    record.imports ??= unlessDamaged(() => this.#symbols.importedNames(object)) ?? NO_NAMES;
    return record.imports;
  }

  /** The functions that are linked into a static program; none where it is stripped. */
  functions(program: RootElf): ReadonlySet<string> {
    const record = this.#store.record(this.#root, program.realPath);
    record.functions ??= readFunctions(this.#source(program), program.elf);
    return record.functions;
  }

  /** The N of the highest GLIBC_2.N that a libc defines; undefined where it defines none. */
  glibcMinor(libc: RootElf): number | undefined {
    const definitions = unlessDamaged(() => this.#symbols.versions(libc)?.definitions) ?? [];
    const minors = definitions.flatMap(({ name }) =>
      /^GLIBC_2\.\d+$/.test(name) ? [Number(name.slice('GLIBC_2.'.length))] : [],
    );
    return minors.length === 0 ? undefined : minors.reduce((a, b) => Math.max(a, b));
  }

  /** How Go built a program; undefined for every other object. */
  goProgram(object: RootElf): GoProgram | undefined {
    const record = this.#store.record(this.#root, object.realPath);
    if (record.goProgram === undefined) {
      const build = readGoBuild(this.#source(object), object.elf);
      record.goProgram = build
        ? { ...build, functions: this.#texts.inVocabulary(object, GO_FUNCTIONS) }
        : null;
    }
    return record.goProgram ?? undefined;
  }

  #source(object: RootElf): ByteSource {
    return {
      size: object.entry.size,
      read: (offset, length) => this.#texts.read(object, offset, length),
    };
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
