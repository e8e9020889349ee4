/**
 * What a dlopen() of a running program would open: asks the program's loader, as the objects of its
 * closure would.
 */
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import { ElfdepsError } from '../errors.js';
import { newLookupBudget, type RootFiles } from '../files/root-files.js';
import type { ConfiguredLoader, LoadedObject, LoaderAnswer } from '../loader/loader.js';
import { madeOnce } from '../root/made-once.js';
import type { RuntimeNeed } from './need.js';

/** Whether there is such a library, and the path that is opened; none for what is no file. */
interface Probed {
  readonly found: boolean;
  readonly path?: string;
}

/**
 * Answers calls of dlopen() by the objects of one closure.
 * @internal
 */
export class DlopenProbe {
  readonly #closure: Closure;
  readonly #files: RootFiles;
  readonly #configured: ConfiguredLoader | undefined;
  readonly #answers = new Map<string, Probed>();
  readonly #budget = newLookupBudget();

  /** `configured` is the program's loader; where it is absent, nothing is ever found. */
  constructor(closure: Closure, files: RootFiles, configured: ConfiguredLoader | undefined) {
    this.#closure = closure;
    this.#files = files;
    this.#configured = configured;
  }

  /**
   * Whether a dlopen() of a name by an object would succeed, and the path that the loader opens;
   * none for what is in the process and no file. Names that one program asks for at more than a
   * million paths together are not found any more.
   */
  open(name: string, from: LoadedObject): Probed {
    const loaded = this.#closure.objects.find(({ elf }) => elf.dynamic?.soname === name);
    if (loaded !== undefined) return { found: true, path: loaded.path };
    const question = `${from.path}\0${name}`;
    let answer = this.#answers.get(question);
    if (answer === undefined) {
      const location = this.#locate(name, from);
      const object = location !== undefined && 'object' in location ? location.object : undefined;
      answer = { found: location !== undefined && 'object' in location, path: object?.path };
      this.#answers.set(question, answer);
    }
    return answer;
  }

  #locate(name: string, from: LoadedObject): LoaderAnswer | undefined {
    const { objects } = this.#closure;
    const configured = this.#configured;
    const [program] = objects;
    if (program === undefined || configured === undefined || this.#budget.left < 0)
      return undefined;
    // A session knows by name what it has found, and what one object opens another may not find.
    const search = () => configured.start(program).locate({ name, kind: 'dlopen' }, from);
    try {
      return this.#files.searchFor(program.path, search, this.#budget);
    } catch (error) {
      if (error instanceof ElfdepsError && this.#budget.left < 0) return undefined;
      throw error;
    }
  }
}

/** One for each program of a trace. */
const probes = madeOnce(
  (trace: Trace) =>
    new Map(
      trace.closures.map((closure) => {
        const { path } = closure.program;
        const probe = new DlopenProbe(closure, trace.files, trace.loaderOf(path));
        return [path, { closure, probe }] as const;
      }),
    ),
);

/**
 * The absolute paths of the root that serve a need: its files and directories, what it starts, what
 * its dlopen() calls lead to, and what would be made where the root has it already. Nothing for what
 * is not there; what those libraries need themselves is not among them.
 */
export function needFiles(trace: Trace, need: RuntimeNeed): string[] {
  const { closure, probe } = probes(trace).get(need.program) ?? {};
  const [program] = closure?.objects ?? [];
  const opened: string[] = [];
  if (closure !== undefined && program !== undefined && probe !== undefined) {
    for (const { name, from } of need.opens) {
      const caller = closure.objects.find(({ path }) => path === from) ?? program;
      const { path } = probe.open(name, caller);
      if (path?.startsWith('/')) opened.push(path);
    }
  }
  const named = [
    ...[...need.files, ...need.starts],
    ...need.directories.map(({ path }) => path),
    ...Object.keys(need.generated),
  ];
  const present = named.filter((path) => trace.files.resolve(path).found);
  return [...new Set([...present, ...opened])];
}
