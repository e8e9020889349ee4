/**
 * What `ldd -r`, `ldd -u` and `ldd -v` print beside the list of libraries, line for line as the
 * program's loader words it, without addresses.
 */
import type { Closure } from '../../closure/closure.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import { formatUndefinedSymbols, listUndefinedSymbols } from './undefined-symbols.js';
import { formatUnusedNeeds, listUnusedNeeds } from './unused-needs.js';
import { formatVersionTable, versionTable } from './version-table.js';

/** The options of ldd: undefined symbols, unused direct dependencies, versions. */
export type LddOption = '-r' | '-u' | '-v';

/** The lines of one option; none where ldd has nothing to say. */
export function lddLines(closure: Closure, symbols: ElfSymbols, option: LddOption): string[] {
  switch (option) {
    case '-r':
      return formatUndefinedSymbols(closure, listUndefinedSymbols(closure, symbols));
    case '-u':
      return formatUnusedNeeds(listUnusedNeeds(closure, symbols));
    case '-v':
      return formatVersionTable(versionTable(closure, symbols));
  }
}
