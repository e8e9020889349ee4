/**
 * What a dlopen() of a running program would open: asks the program's loader, as the objects of its
 * closure would.
 */
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import type { ConfiguredLoader, LoadedObject, LoaderSession } from '../loader/loader.js';
import type { RuntimeNeed } from './runtime-need.js';

export class Opener {
  readonly #closure: Closure;
  readonly #configured: ConfiguredLoader | undefined;
  #session: LoaderSession | undefined;

  /** `configured` is the program's loader; where it is absent, nothing is ever found. */
  constructor(closure: Closure, configured: ConfiguredLoader | undefined) {
    this.#closure = closure;
    this.#configured = configured;
  }

  /**
   * Whether a dlopen() of a name by an object would succeed, and the path that the loader opens;
   * none for what is in the process and no file.
   */
  open(name: string, from: LoadedObject): { readonly found: boolean; readonly path?: string } {
    const loaded = this.#closure.objects.find(({ elf }) => elf.dynamic?.soname === name);
    if (loaded !== undefined) return { found: true, path: loaded.path };
    const [program] = this.#closure.objects;
    if (program === undefined) return { found: false };
    this.#session ??= this.#configured?.start(program);
    const location = this.#session?.locate({ name, kind: 'dlopen' }, from);
    if (location === undefined || !('object' in location)) return { found: false };
    const { object } = location;
    return { found: true, ...(object === undefined ? {} : { path: object.path }) };
  }
}

/**
 * The absolute paths of the root that serve a need: its files and directories, what it starts, what
 * its dlopen() calls lead to, and what would be made where the root has it already. Nothing for what
 * is not there; what those libraries need themselves is not among them.
 */
export function needFiles(trace: Trace, need: RuntimeNeed): string[] {
  const closure = trace.closures.find(({ program }) => program.path === need.program);
  const [program] = closure?.objects ?? [];
  const opened: string[] = [];
  if (closure !== undefined && program !== undefined) {
    const opener = new Opener(closure, trace.loaderOf(need.program));
    for (const { name, from } of need.opens) {
      const caller = closure.objects.find(({ path }) => path === from) ?? program;
      const { path } = opener.open(name, caller);
      if (path?.startsWith('/')) opened.push(path);
    }
  }
  const named = [...need.files, ...need.starts, ...Object.keys(need.generated)];
  const present = named.filter((path) => trace.files.resolve(path).found);
  return [...new Set([...present, ...opened])];
}
