/**
 * What the release of a loader does that others do not, read from its own file in the root.
 */
import type { Closure } from '../../closure/closure.js';
import type { ElfSymbols } from '../../files/elf-symbols.js';
import type { LoaderAbilities } from '../../loader/traits.js';

/** Nothing is known of a loader whose file the root does not have. */
export function abilitiesOf(closure: Closure, files: ElfSymbols): LoaderAbilities {
  const { traits, interpreter, objects } = closure;
  const { realPath, entry } = interpreter ?? {};
  const loader =
    realPath !== undefined && entry !== undefined
      ? { realPath, entry }
      : objects.find(({ role }) => role === 'interpreter');
  if (loader === undefined) return {};
  return traits?.abilities?.((pattern) => files.match(loader, pattern)) ?? {};
}
