/**
 * An ELF file of a root, loaded or not: what symbols, texts and code are asked about.
 */
import type { ElfFile } from '../elf/elf-file.js';
import type { Entry, RealPath } from '../root/root.js';

/** The real path, what stands there, and the parsed headers. */
export interface RootElf {
  readonly realPath: RealPath;
  readonly entry: Entry;
  readonly elf: ElfFile;
}
