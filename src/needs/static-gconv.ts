/**
 * Character sets of static programs of glibc: iconv_open() opens modules there too, which load the libc
 * and the loader of the very release that the program was linked with.
 * Source: glibc iconv/gconv_dl.c, elf/dl-support.c.
 */

import { evidenceText } from './evidence.js';
import { gconvDirectory, isUsualModule } from './gconv.js';
import { conversionCalls } from './libc-functions.js';
import { defineNeed } from './need.js';
import {
  isWithin,
  libcOfRoot,
  libraryPaths,
  releaseOf,
  releaseText,
} from './static-name-services.js';

export const staticGconv = defineNeed({
  kind: 'static-gconv',
  summary: 'character sets for iconv of a static glibc program',
  documentation: {
    evidence: 'a static program of glibc that has `iconv_open`, and is not stripped',
    added: 'where the releases are the same, the modules of `gconv` with libc and loader',
    confidence: ['likely'],
  },
  detect(facts) {
    const { program, closure } = facts;
    if (program === undefined || closure.linkage === 'dynamic') return undefined;
    const found = facts.findOwnImport(conversionCalls);
    // Static, so what libc has in itself is in the program: musl has no such directory.
    const directory = found && gconvDirectory(facts, program);
    if (found === undefined || directory === undefined) return undefined;
    const release = releaseOf(facts, program);
    const root = libcOfRoot(facts, program);
    const there = root === undefined ? 'the root has no libc' : `the root has 2.${root.minor}`;
    const matches = root !== undefined && isWithin(root.minor, release);
    const modules = facts.namesIn(directory).filter(isUsualModule);
    const directories = [`${directory}/`, ...(root?.directories ?? [])];
    return {
      because: `${evidenceText(found)}, and opens modules of ${releaseText(release)} only; ${there}`,
      confidence: 'likely',
      files:
        matches && modules.length > 0
          ? [
              ...facts.existing(`${directory}/gconv-modules.cache`),
              ...libraryPaths(facts, directories, modules),
            ]
          : [],
    };
  },
});
