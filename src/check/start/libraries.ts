/**
 * Libraries that the loader does not find or cannot use, and files that make it give up, in its own
 * words.
 * Source: glibc elf/dl-load.c; musl ldso/dynlink.c (load_deps; map_library compares no machine).
 */
import { type Closure, isOptional, type Library } from '../../closure/closure.js';
import { compatibleTargets, describeTarget } from '../../elf/target.js';
import { ElfdepsError, listed } from '../../errors.js';
import type { Fact } from '../../finding.js';
import type { LibraryMiss } from '../../loader/traits.js';
import { isBrokenName, whyBroken } from '../../needs/broken-name.js';
import { isLostInterpreter } from '../../needs/lost-interpreter.js';
import { groupMisses, type MissGroup, type MissReason } from '../../needs/miss-reason.js';
import { whyMissing } from '../../needs/why-missing.js';
import { type CheckedProgram, defineCheck } from '../check.js';
import { listUndefinedSymbols, wordsAbout } from '../symbols/undefined-symbols.js';

export const libraries = defineCheck({
  rules: [
    {
      code: 'LIBRARY_NOT_FOUND',
      levels: ['error'],
      summary: 'A needed library is not found in the root.',
      cause: 'No directory that the loader searches has a file of this name.',
      remedy: 'Put the file into the root; elfdeps copy writes all that a program needs.',
    },
    {
      code: 'LIBRARY_WRONG_TARGET',
      levels: ['error'],
      summary: 'A needed library is for another CPU or class.',
      cause: 'A program loads only libraries for its own CPU.',
      remedy: "Put the library for the program's CPU in its place.",
    },
    {
      code: 'HOST_PROVIDED',
      levels: ['error'],
      summary: 'A library that comes with the drivers of the host is missing.',
      cause: 'It belongs to the hardware, so a container runtime mounts it, and no image has it.',
      remedy: 'Start the container with what mounts the drivers.',
    },
    {
      code: 'LOADER_GIVES_UP',
      levels: ['error'],
      summary: 'The loader finds a file that it cannot load, and searches no further.',
      cause: 'A file by the needed name is damaged, a text, or something else than a library.',
      remedy: 'Put the right file in its place, or remove it so that the search goes on.',
    },
  ],
  check(program) {
    const { closure } = program;
    // Those that only secure-execution mode takes are a finding of their own.
    const lost = new Set(closure.secureExecution?.lost.map(({ name }) => name));
    // What the kernel starts and does not find has a finding of its own.
    const isStarted = closure.program.kind === 'executable';
    const missing = closure.libraries.filter(
      (library) =>
        library.status === 'missing' &&
        !isOptional(library) &&
        !lost.has(library.name) &&
        !(isStarted && isLostInterpreter(closure, library)),
    );
    return [...withSymbols(missing, program), ...givingUp(closure), ...foreignObjects(closure)];
  },
});

/** The facts about missing libraries; what the loader prints behind them stands with the last one. */
function withSymbols(missing: readonly Library[], program: CheckedProgram) {
  const rows = missing.map((library) => missingLibrary(library, program));
  const last = rows.findLast(({ library }) => library.kind !== 'dlopen');
  if (last?.fact.seen !== undefined)
    last.fact = { ...last.fact, seen: [last.fact.seen, ...symbolLines(program)].join('\n') };
  for (const group of groupMisses(rows, ({ fact }) => fact.code))
    if (group.rows.length > 1) {
      const together = allTogether(group, program);
      for (const row of group.rows) row.fact = { ...row.fact, together };
    }
  return rows.map(({ fact }) => fact);
}

/** What the findings about libraries that are missing for one reason say in one. */
function allTogether({ rows, cause, remedy }: MissGroup<MissRow>, { closure }: CheckedProgram) {
  const needers = new Set(rows.map(({ by }) => by));
  const [first] = rows;
  const names = rows.map(({ library, by }) =>
    needers.size === 1 ? library.name : `${library.name} (needed by ${by})`,
  );
  const by = needers.size === 1 ? `, needed by ${first?.by}` : '';
  // glibc's loader ends with the first one.
  const seen = closure.traits?.relocatesIncomplete ? rows : rows.slice(0, 1);
  const lines = seen.flatMap(({ fact }) => fact.seen ?? []);
  return {
    message: `${listed(names, 'and')}: not found${by}`,
    seen: lines.length === 0 ? undefined : lines.join('\n'),
    cause,
    remedy,
  };
}

function givingUp({
  fatal,
  fatalSignal,
  program: { path },
  objects,
  traits,
}: Closure): Fact<'LOADER_GIVES_UP'>[] {
  if (fatal === undefined || fatalSignal !== undefined) return [];
  const broken = objects.flatMap((object) =>
    (object.elf.dynamic?.needed ?? [])
      .filter(isBrokenName)
      .map((needed) => whyBroken(needed, object.path)),
  )[0];
  return [
    {
      code: 'LOADER_GIVES_UP',
      severity: 'error',
      path,
      message: `${path}: the loader gives up: ${fatal}`,
      seen: traits?.words.givesUp(path, fatal),
      cause:
        'the loader found a file by a needed name that it cannot load, and searches no further',
      ...broken,
    },
  ];
}

/** A missing library, its first needer, and the fact about it. */
interface MissRow {
  readonly library: Library;
  readonly by: string;
  readonly reason: MissReason;
  fact: Fact<MissReason['code']>;
}

function missingLibrary(library: Library, program: CheckedProgram): MissRow {
  const { closure } = program;
  const { name, neededBy } = library;
  const by = neededBy[0] ?? closure.program.path;
  const error = library.error ?? 'cannot open shared object file: No such file or directory';
  const common = {
    severity: 'error',
    path: name,
    message: `${name}: not found, needed by ${by}`,
    seen: wordsFor(library, closure, { program: closure.program.path, name, error, neededBy: by }),
  } as const;
  const reason = whyMissing(library, program);
  const { code, cause, remedy } = reason;
  return { library, by, reason, fact: { ...common, code, cause, remedy } };
}

function wordsFor({ kind }: Library, { traits }: Closure, miss: LibraryMiss): string | undefined {
  const { libraryNotFound, openFails = libraryNotFound } = traits?.words ?? {};
  return kind === 'dlopen' ? openFails?.(miss) : libraryNotFound?.(miss);
}

/** At most so many lines about symbols follow those about libraries. */
const MAX_LINES = 100;

/** musl goes on without a library, and then says of each symbol that it is missing. */
function symbolLines({ closure, symbols }: CheckedProgram): string[] {
  if (!closure.traits?.relocatesIncomplete) return [];
  try {
    const missing = listUndefinedSymbols(closure, symbols);
    const lines = missing.map((symbol) => wordsAbout(closure, symbol) ?? '');
    return [...new Set(lines)].slice(0, MAX_LINES);
  } catch (error) {
    if (!(error instanceof ElfdepsError)) throw error;
    return [];
  }
}

/** musl maps files for any machine of the same class and byte order, and fails when it relocates. */
function foreignObjects(closure: Closure): Fact<'LIBRARY_WRONG_TARGET'>[] {
  const own = closure.program.elf?.target;
  if (own === undefined || closure.program.kind === 'script') return [];
  return closure.objects
    .filter(({ elf }) => !compatibleTargets(elf.target, own))
    .map(({ path, elf }) => ({
      code: 'LIBRARY_WRONG_TARGET',
      severity: 'error',
      path,
      message: `${path}: for ${describeTarget(elf.target)}, the program for ${describeTarget(own)}`,
      seen: `Error relocating ${path}: unsupported relocation type`,
      cause: `${closure.loader ?? 'the loader'} maps the file without a look at its CPU, and then cannot relocate it`,
      remedy: `put the library for ${describeTarget(own)} in its place`,
    }));
}
