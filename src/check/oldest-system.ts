/**
 * The oldest system that a program runs on. It is a note about every program that needs the GNU
 * libraries, since it decides where the program can run.
 */
import { printable } from '../errors.js';
import { defineCheck } from './check.js';
import {
  type MinimumVersion,
  type MinimumVersions,
  minimumVersions,
  oldestDistributions,
} from './symbols/minimum-versions.js';
import { factsOfSymbols, symbolsUnreadable } from './symbols/symbol-facts.js';

export const oldestSystem = defineCheck({
  rules: [
    {
      code: 'MINIMUM_VERSIONS',
      levels: ['note'],
      summary: 'The oldest system that the program runs on.',
      cause: 'A program asks for versions of symbols, and older systems do not define them.',
      remedy: 'Nothing is wrong; build on an older system to run on older ones.',
    },
    symbolsUnreadable,
  ],
  check({ closure, symbols }) {
    const { path } = closure.program;
    if (closure.traits?.versionFamily === undefined) return [];
    return factsOfSymbols(path, () => {
      const versions = minimumVersions(closure, symbols);
      const { program, closure: all } = versions;
      const fact = minimumFact(versions);
      if (fact === undefined) return [];
      const same = all.every(({ version }, index) => program[index]?.version === version);
      const alone =
        same || program.length === 0 ? '' : `; its libraries aside, it needs ${listed(program)}`;
      return [
        {
          code: 'MINIMUM_VERSIONS',
          severity: 'note',
          path,
          message: `${path}: needs ${fact.systems}${alone}`,
          brief: `needs ${fact.systems}${fact.releases}`,
          cause: fact.cause,
          remedy: fact.remedy,
        },
      ];
    });
  },
});

/** What versions mean, in words; undefined where none is asked for. */
export function minimumFact({ closure: all, kernel }: MinimumVersions):
  | {
      readonly systems: string;
      /** ` (Debian 12, RHEL 9)`; empty where no distribution is known to have the versions. */
      readonly releases: string;
      readonly cause: string;
      readonly remedy: string;
    }
  | undefined {
  if (all.length === 0) return undefined;
  const linux = kernel === undefined ? '' : `, Linux ${kernel.version}`;
  const releases = oldestDistributions(all).map(({ name, release }) => `${name} ${release}`);
  return {
    systems: `${listed(all)}${linux} or newer`,
    releases: releases.length === 0 ? '' : ` (${releases.join(', ')})`,
    cause: printable(all.map(reason).join('; ')),
    remedy:
      releases.length === 0
        ? 'for older systems, build it on an older one'
        : `it runs on ${releases.join(', ')} and newer; for older systems, build it on an older one`,
  };
}

function listed(versions: readonly MinimumVersion[]): string {
  return versions
    .map(({ family, version }) =>
      family === 'GLIBC' ? `glibc ${version}` : `${family}_${version}`,
    )
    .join(', ');
}

function reason({ family, version, neededBy, symbols }: MinimumVersion): string {
  const of = symbols.length === 0 ? '' : ` for ${symbols.join(', ')}`;
  return `${neededBy} asks for ${family}_${version}${of}`;
}
