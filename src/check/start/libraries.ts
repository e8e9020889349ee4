/**
 * Libraries that the loader does not find, files that make it give up, and preloads that it passes
 * over, in its own words.
 * Source: glibc elf/dl-load.c, elf/rtld.c (do_preload); musl ldso/dynlink.c (load_deps).
 */
import { isOptional, type Library } from '../../closure/closure.js';
import { hostProvider } from '../../needs/host-provided.js';
import type { Check, CheckContext, Fact } from '../check.js';
import { whyMissing } from './why-missing.js';

export const checkLibraries: Check = (context) => {
  const { closure } = context;
  const facts = closure.libraries
    .filter((library) => library.status === 'missing' && !isOptional(library))
    .map((library) => missingLibrary(library, context));
  if (closure.fatal === undefined || closure.fatalSignal !== undefined) return facts;
  const path = closure.program.path;
  return [
    ...facts,
    {
      code: 'LOADER_GIVES_UP',
      severity: 'error',
      path,
      message: `${path}: the loader gives up: ${closure.fatal}`,
      seen: closure.traits?.words.givesUp(path, closure.fatal),
      cause:
        'the loader found a file by a needed name that it cannot load, and searches no further',
      remedy: 'put the right file in its place, or remove it so that the search goes on',
    },
  ];
};

function missingLibrary(library: Library, context: CheckContext): Fact {
  const { closure } = context;
  const { name, neededBy } = library;
  const by = neededBy[0] ?? closure.program.path;
  const error = library.error ?? 'cannot open shared object file: No such file or directory';
  const foreign = library.tried.find(({ outcome }) => outcome === 'wrong-target');
  const host = hostProvider(name);
  return {
    code:
      foreign !== undefined
        ? 'LIBRARY_WRONG_TARGET'
        : host !== undefined
          ? 'HOST_PROVIDED'
          : 'LIBRARY_NOT_FOUND',
    severity: 'error',
    path: name,
    message: `${name}: not found, needed by ${by}`,
    seen: closure.traits?.words.libraryNotFound({
      program: closure.program.path,
      name,
      error,
      neededBy: by,
    }),
    ...(foreign !== undefined
      ? {
          cause: `${foreign.path} is for another CPU or class than the program`,
          remedy: `put the ${name} of the program's CPU into the root`,
        }
      : (host ?? whyMissing(library, context))),
  };
}

/** Preloads that the loader passes over; not every loader says so. */
export const checkPreloads: Check = ({ closure }) =>
  closure.ignoredPreloads.map(({ name, source, refusal, error }) => ({
    code: 'PRELOAD_IGNORED',
    severity: 'warning',
    path: name,
    message: `${name}: ignored, ${source} asks for it: ${error}`,
    seen: closure.traits?.words.preloadIgnored?.({ name, source, refusal }),
    cause: `${source} names a file that the loader cannot load here; the program runs without it`,
    remedy: `copy ${name} into the root, or take it out of ${source}`,
  }));
