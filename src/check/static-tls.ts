/**
 * Room in the static TLS block for a library that is opened at run time.
 * Source: glibc elf/dl-reloc.c (_dl_try_allocate_static_tls).
 */
import { DF_STATIC_TLS, PT_TLS } from '../elf/constants.js';
import type { ElfFile } from '../elf/elf-file.js';
import { baseName } from '../root/path-text.js';
import { defineCheck } from './check.js';

export const staticTls = defineCheck({
  rules: [
    {
      code: 'STATIC_TLS',
      levels: ['warning', 'note'],
      summary: 'A library that is opened at run time wants much of the static TLS block.',
      cause: 'All libraries that are opened by dlopen share a small spare part of it.',
      remedy: 'Preload it, set GLIBC_TUNABLES, or compile it without -ftls-model=initial-exec.',
    },
  ],
  check({ closure }) {
    // What is loaded at start gets its room; only what is opened later may find none.
    const spare = closure.traits?.spareStaticTls;
    if (closure.program.kind !== 'shared-library' || spare === undefined) return [];
    const users = closure.objects.filter(
      ({ elf, name }) =>
        ((elf.dynamic?.flags ?? 0) & DF_STATIC_TLS) !== 0 &&
        tlsBytes(elf) > 0 &&
        // The process has mapped it already when it opens something.
        !closure.traits?.isOwn(baseName(name)),
    );
    const total = users.reduce((bytes, { elf }) => bytes + tlsBytes(elf), 0);
    return users.map(({ path, elf }) => ({
      code: 'STATIC_TLS',
      severity: total > spare ? 'warning' : 'note',
      path,
      message: `${path}: wants ${tlsBytes(elf)} bytes of the static TLS block (DF_STATIC_TLS)`,
      seen: `${path}: cannot allocate memory in static TLS block`,
      cause: `a library that is opened by dlopen shares ${spare} spare bytes of that block with all others`,
      remedy: `preload it (LD_PRELOAD=${path}), set GLIBC_TUNABLES=glibc.rtld.optional_static_tls, or compile it without -ftls-model=initial-exec`,
    }));
  },
});

function tlsBytes(elf: ElfFile): number {
  return elf.segments.find(({ type }) => type === PT_TLS)?.memsz ?? 0;
}
