/**
 * DT_RELR, a packed form of relative relocations: a loader that does not know it leaves the addresses
 * in the data of a file as they are, and the program dies when it uses one.
 * Source: glibc 2.36 elf/dl-version.c (_dl_check_map_versions, commit 57292f5741) and
 * elf/dynamic-link.h (commit e895cff59a); musl 1.2.4 ldso/dynlink.c (do_relr_relocs).
 */
import { DT_RELR, DT_RELRSZ } from '../../elf/constants.js';
import { ElfdepsError } from '../../errors.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { Fact } from '../../finding.js';
import type { LoadedObject } from '../../loader/loader.js';
import { type CheckedProgram, defineCheck } from '../check.js';
import { abilitiesOf } from '../symbols/loader-abilities.js';
import { listVersionProblems } from '../symbols/symbol-versions.js';

/** The version by which a file says that it has DT_RELR. */
const MARK = 'GLIBC_ABI_DT_RELR';

export const packedRelocations = defineCheck({
  rules: [
    {
      code: 'PACKED_RELOCATIONS',
      levels: ['error', 'warning'],
      summary: 'A file has relocations that the loader does not apply.',
      cause: 'DT_RELR is known to glibc since 2.36 and to musl since 1.2.4.',
      remedy: 'Use a newer C library, or link without -z pack-relative-relocs.',
    },
  ],
  check(program) {
    const { closure, symbols } = program;
    if (closure.loader === null || closure.fatal !== undefined) return [];
    const packed = closure.objects.filter(
      ({ role, elf }) => role !== 'interpreter' && hasPackedRelocations(elf),
    );
    if (packed.length === 0) return [];
    const { packsRelocations } = abilitiesOf(closure, symbols);
    // The missing loader has a finding of its own.
    if (packsRelocations === undefined && closure.interpreter?.status === 'missing') return [];
    // A loader relocates itself, and of a library without needs it is not known who loads it.
    if (packsRelocations === undefined && isLibraryAlone(closure)) return [];
    if (packsRelocations) return packed.flatMap((object) => unmarked(object, program));
    // The loader misses the version first, and says so.
    if (misses(program)) return [];
    return packed.map(({ path }) => unknown(path, packsRelocations));
  },
});

function hasPackedRelocations({ dynamic }: LoadedObject['elf']): boolean {
  return dynamic?.tags.has(DT_RELR) === true && dynamic.tags.get(DT_RELRSZ) !== 0;
}

function isLibraryAlone({ program, libraries }: CheckedProgram['closure']): boolean {
  return program.kind === 'shared-library' && libraries.length === 0;
}

function misses({ closure, symbols }: CheckedProgram): boolean {
  try {
    return listVersionProblems(closure, symbols).some(({ kind }) => kind === 'missing');
  } catch (error) {
    if (!(error instanceof ElfdepsError)) throw error;
    return true;
  }
}

function unknown(path: string, isKnown: boolean | undefined): Fact<'PACKED_RELOCATIONS'> {
  return {
    code: 'PACKED_RELOCATIONS',
    severity: isKnown === false ? 'error' : 'warning',
    path,
    message:
      isKnown === false
        ? `${path}: has packed relocations (DT_RELR), which the loader of the root does not apply`
        : `${path}: has packed relocations (DT_RELR), and the loader of the root may not apply them`,
    seen: isKnown === false ? 'Segmentation fault (core dumped)' : undefined,
    cause: 'glibc applies them since 2.36 and musl since 1.2.4; an older loader passes over them',
    remedy: 'use a newer C library, or link the file with -Wl,-z,nopack-relative-relocs',
  };
}

/** Of a file that asks libc.so.6 for versions, the loader demands that it asks for that of DT_RELR. */
function unmarked(
  object: LoadedObject,
  { closure, symbols }: CheckedProgram,
): Fact<'PACKED_RELOCATIONS'>[] {
  const { path } = object;
  // The mark is a version of that family.
  const libc = closure.traits?.versionFamily && closure.traits.libc;
  if (!libc || !lacksMark(object, symbols, libc)) return [];
  return [
    {
      code: 'PACKED_RELOCATIONS',
      severity: 'error',
      path,
      message: `${path}: has packed relocations (DT_RELR), but does not ask for ${MARK}`,
      seen: closure.traits?.words.givesUp(
        closure.program.path,
        `${path}: DT_RELR without ${MARK} dependency`,
      ),
      cause:
        'glibc demands that such a file asks for this version, so that older releases refuse it',
      remedy:
        'link the file with -Wl,-z,pack-relative-relocs of a linker that adds the version, or with -Wl,-z,nopack-relative-relocs',
    },
  ];
}

/** Whether an object asks the C library for versions, and that of DT_RELR is not among them. */
function lacksMark(object: LoadedObject, symbols: ElfSymbols, libc: RegExp): boolean {
  try {
    const asked = symbols.versions(object)?.needs.filter(({ file }) => libc.test(file)) ?? [];
    const names = asked.flatMap(({ versions }) => versions.map(({ name }) => name));
    return names.some((name) => name.startsWith('GLIBC_2.')) && !names.includes(MARK);
  } catch (error) {
    if (!(error instanceof ElfdepsError)) throw error;
    return false;
  }
}
