/**
 * Relocations that a loader has no code for. glibc knows all that its linkers make; musl has no
 * IRELATIVE, with which a file chooses among functions by the CPU (ifunc).
 * Source: musl ldso/dynlink.c (do_relocs), arch/ARCH/reloc.h.
 */
import { defineCheck } from '../check.js';
import { factsOfSymbols, symbolsUnreadable } from '../symbols/symbol-facts.js';

export const relocationTypes = defineCheck({
  rules: [
    {
      code: 'RELOCATION_UNSUPPORTED',
      levels: ['error'],
      summary: 'A file has relocations of a kind that the loader does not know.',
      cause:
        'The file was built for another C library; musl has no functions chosen at start (ifunc).',
      remedy: 'Build the file for the C library of the root.',
    },
    symbolsUnreadable,
  ],
  check({ closure, symbols }) {
    const { program, objects, traits, loader } = closure;
    const machine = program.elf?.header.machine;
    const known = machine === undefined ? undefined : traits?.relocationTypes?.[machine];
    if (known === undefined || closure.fatal !== undefined) return [];
    return factsOfSymbols(program.path, () =>
      objects
        .filter(({ role, elf }) => role !== 'interpreter' && elf.header.machine === machine)
        .flatMap((object) => {
          const types = [...symbols.relocationTypes(object)].filter((type) => !known.has(type));
          if (types.length === 0) return [];
          const { path } = object;
          return [
            {
              code: 'RELOCATION_UNSUPPORTED',
              severity: 'error',
              path,
              message: `${path}: has relocations of the types ${types.join(', ')}, which ${loader} does not know`,
              seen: types
                .map((type) => `Error relocating ${path}: unsupported relocation type ${type}`)
                .join('\n'),
              cause: `the file was built for another C library; ${loader} has no functions that are chosen at start (ifunc)`,
              remedy: `build the file for ${closure.libc}`,
            } as const,
          ];
        }),
    );
  },
});
