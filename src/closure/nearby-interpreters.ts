/**
 * The interpreters of the programs that lie near a library, in the same installation: a prefix such as
 * /home/user/gentoo has a loader of its own, which no usual place of the root leads to.
 */
import { compatibleTargets, type Target } from '../elf/target.js';
import type { RootFiles } from '../files/root-files.js';
import { USUAL_PROGRAMS } from '../files/usual-programs.js';
import { namesIn } from '../root/list-directory.js';
import { directoryOf } from '../root/path-text.js';

/** Where an installation has its programs, below its prefix. */
const PROGRAM_DIRECTORIES = ['/bin', '/usr/bin'];
/** Other files of such a directory that are looked at; most are programs. */
const MAX_OTHERS = 16;

/**
 * What PT_INTERP says in programs for a library's target in the directories above it, the nearest
 * first and without the root's own `/`; empty where there are none. Each is a path in the root.
 */
export function nearbyInterpreters(files: RootFiles, library: string, target: Target): string[] {
  const found = new Set<string>();
  for (let prefix = directoryOf(library); prefix.length > 1; prefix = directoryOf(prefix)) {
    const interpreter = interpreterBelow(files, prefix, target);
    if (interpreter !== undefined) found.add(interpreter);
  }
  return [...found];
}

/** The interpreter of the first program of an installation that has one. */
function interpreterBelow(files: RootFiles, prefix: string, target: Target): string | undefined {
  const usual = USUAL_PROGRAMS.map((path) => prefix + path);
  for (const path of usual) {
    const interpreter = interpreterAt(files, path, target);
    if (interpreter !== undefined) return interpreter;
  }
  for (const directory of PROGRAM_DIRECTORIES)
    for (const name of namesIn(files.root, prefix + directory).slice(0, MAX_OTHERS)) {
      const interpreter = interpreterAt(files, `${prefix}${directory}/${name}`, target);
      if (interpreter !== undefined) return interpreter;
    }
  return undefined;
}

function interpreterAt(files: RootFiles, path: string, target: Target): string | undefined {
  const file = files.resolve(path);
  const elf = file.found && file.entry.kind === 'file' ? files.findElf(file) : undefined;
  if (elf?.kind !== 'executable' || !compatibleTargets(elf.target, target)) return undefined;
  return elf.interpreter;
}
