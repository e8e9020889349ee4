/**
 * Runs the detectors over the closures of a trace, and decides which needs count.
 */
import type { Closure } from '../closure/closure.js';
import type { DlopenCall } from '../closure/dlopen-call.js';
import { readerOf, scriptPrograms } from '../closure/script-interpreter.js';
import type { Trace } from '../closure/trace.js';
import { UsageError } from '../errors.js';
import { startPlace } from '../files/path-search.js';
import type { RootFiles } from '../files/root-files.js';
import { closest } from '../root/edit-distance.js';
import { isHostProvided } from './host-provided.js';
import type { FoundNeed, NeedDetector, RuntimeNeed } from './need.js';
import { type NeedOptions, ProgramFacts } from './program-facts.js';
import { withoutSecrets } from './secrets.js';

/** What the detectors said of a program, until its closure or the scripts that it runs are others. */
interface KnownNeeds {
  readonly scripts: readonly string[];
  readonly needs: readonly RuntimeNeed[];
}

/** The needs of closures that were looked at, by the same detectors and with the same options. */
export type NeedsByClosure = WeakMap<Closure, KnownNeeds>;

/**
 * The needs of every program, in the order of the programs and of the detectors. `named` are the programs
 * that the user names, where the trace has been given others since; without it all are. Their files may
 * be secrets, see {@link publicNeed}. `known` has the answers of an earlier trace of the same programs.
 * @internal
 */
export function detectNeeds(
  trace: Trace,
  options: NeedOptions,
  detectors: readonly NeedDetector[],
  named: readonly string[] = trace.programs,
  known: NeedsByClosure = new WeakMap(),
): RuntimeNeed[] {
  const allScripts = scriptsByProgram(trace);
  return trace.closures.flatMap((closure) => {
    const { path } = closure.program;
    const scripts = allScripts.get(path) ?? [];
    const before = known.get(closure);
    // Scripts are only added.
    if (before?.scripts.length === scripts.length) return before.needs;
    const facts = new ProgramFacts(closure, trace.files, options, trace.loaderOf(path), {
      scripts,
      isNamed: named.includes(path),
      together: named.filter((each) => each !== path),
      place: startPlace(trace.options),
    });
    const needs = detectors.flatMap((detector) => needsOf(detector, facts, closure));
    known.set(closure, { scripts, needs });
    return needs;
  });
}

/**
 * The scripts of a trace that each program runs, by the path of the program.
 * @internal
 */
export function scriptsByProgram({ closures, files, options }: Trace): Map<string, string[]> {
  const scripts = new Map<string, string[]>();
  for (const { program } of closures) {
    if (program.shebang === undefined) continue;
    const { programs } = scriptPrograms(files, program.shebang, startPlace(options));
    for (const path of programs) scripts.set(path, [...(scripts.get(path) ?? []), program.path]);
  }
  return scripts;
}

function needsOf(detector: NeedDetector, facts: ProgramFacts, { program }: Closure): RuntimeNeed[] {
  const found = detector.detect(facts) ?? [];
  const list: readonly FoundNeed[] = Array.isArray(found) ? found : [found];
  return list.map((one) => {
    return {
      kind: detector.kind,
      program: program.path,
      confidence: 'sure',
      except: [],
      starts: [],
      directories: [],
      generated: {},
      files: [],
      ...one,
      // Drivers come from the machine: told by a detector of their own, never copied for a guess.
      opens: one.opens?.filter(({ name }) => !isHostProvided(name)) ?? [],
    };
  });
}

/**
 * The need without secrets, which it names instead. Looks at all that its directories hold.
 * @internal
 */
export function publicNeed(need: RuntimeNeed, files: RootFiles): RuntimeNeed {
  if (need.files.length === 0) return need;
  const { paths, secrets } = withoutSecrets(files, need.files, need.except);
  if (secrets.length === 0) return { ...need, files: paths, secrets: undefined };
  const named = new Set(need.files);
  const secretsInside = secrets.filter((path) => !named.has(path));
  const inside = secretsInside.length === 0 ? undefined : secretsInside;
  return { ...need, files: paths, secrets, secretsInside: inside };
}

/** Whether a need only tells something, and there is nothing to add to an image. */
export function addsNothing(need: RuntimeNeed): boolean {
  const { files, opens, starts, directories, generated } = need;
  const lists = [files, opens, starts, directories, Object.keys(generated)];
  return lists.every((list) => list.length === 0);
}

/** Which needs go into an image beside those that are sure, and which of those do not. */
export interface NeedChoice {
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  /** Those that are likely count too. */
  readonly likely?: boolean;
}

/**
 * The needs that count. `all` in a list is every kind. Throws {@link UsageError} for a kind that no
 * detector has.
 */
export function chooseNeeds(
  needs: readonly RuntimeNeed[],
  choice: NeedChoice,
  detectors: readonly NeedDetector[],
): RuntimeNeed[] {
  const kinds = new Set(['all', ...detectors.map(({ kind }) => kind)]);
  const values = detectors.flatMap(({ kind, values: each = [] }) =>
    each.map((value) => `${kind}=${value}`),
  );
  const requireKnown = (name: string, known: ReadonlySet<string>) => {
    if (known.has(name)) return;
    const similar = closest(name, [...known]);
    const question = similar.length === 0 ? '' : `did you mean ${similar.join(' or ')}? `;
    const listed = [...kinds].map((kind) =>
      [kind, ...values.filter((value) => known.has(value) && kindOf(value) === kind)].join(' or '),
    );
    const hint = `${question}known: ${listed.join(', ')}`;
    throw new UsageError(`no need is called '${name}'`, { hint });
  };
  const wanted = new Set([...kinds, ...values]);
  for (const name of choice.with ?? []) requireKnown(name, wanted);
  for (const name of choice.without ?? []) requireKnown(name, kinds);
  const has = (list: readonly string[] | undefined, kind: string) =>
    list?.some((name) => name === 'all' || kindOf(name) === kind) === true;
  const all = isBesideLikely(needs, detectors);
  const isAsked = (need: RuntimeNeed) =>
    has(choice.with, need.kind) &&
    (!all(need) || choice.with?.some((name) => name === 'all' || name === `${need.kind}=all`));
  return needs.filter(
    (need) =>
      (isAsked(need) ||
        need.confidence === 'sure' ||
        (choice.likely === true && need.confidence === 'likely')) &&
      // What is named is meant more than `all`.
      (!has(choice.without, need.kind) ||
        (choice.with ?? []).some((name) => kindOf(name) === need.kind)),
  );
}

/**
 * Whether a need is only possible, and others of its kind are likely: `--with KIND` brings those alone, and
 * `KIND=all` both, for the kinds that have this value.
 */
export function isBesideLikely(
  needs: readonly RuntimeNeed[],
  detectors: readonly NeedDetector[],
): (need: RuntimeNeed) => boolean {
  const likely = new Set(
    needs.filter(({ confidence }) => confidence === 'likely').map(({ kind }) => kind),
  );
  const parted = new Set(
    detectors.filter(({ values }) => values?.includes('all')).map(({ kind }) => kind),
  );
  return ({ kind, confidence }) =>
    confidence === 'possible' && likely.has(kind) && parted.has(kind);
}

/** The detectors whose answers matter: `all` refuses those of the other kinds, and nothing that they give. */
export function withoutRefused(
  detectors: readonly NeedDetector[],
  { with: asked = [], without = [] }: NeedChoice,
): readonly NeedDetector[] {
  if (!without.includes('all')) return detectors;
  const named = new Set([...asked.map(kindOf), ...without]);
  return detectors.filter(({ kind }) => named.has(kind));
}

/**
 * The needs that would count if `without` did not name their kind: what they would give is left out of
 * the other needs too. `all` refuses kinds, and not what others give.
 */
export function refusedNeeds(
  needs: readonly RuntimeNeed[],
  { without = [], ...choice }: NeedChoice,
  detectors: readonly NeedDetector[],
): RuntimeNeed[] {
  const asked = new Set((choice.with ?? []).map(kindOf));
  return chooseNeeds(needs, choice, detectors).filter(
    ({ kind }) => without.includes(kind) && !asked.has(kind),
  );
}

/** The kind in a name of --with, which may have a value: `fonts` in `fonts=all`. */
export function kindOf(name: string): string {
  return name.replace(/=.*$/, '');
}

/** What the needs open, for {@link TraceOptions.opens}: those of a script are opened by its interpreter. */
export function opensOf(
  needs: readonly RuntimeNeed[],
  trace: Trace,
): ReadonlyMap<string, readonly DlopenCall[]> {
  const opens = new Map<string, DlopenCall[]>();
  for (const need of needs)
    if (need.opens.length > 0) {
      const program = interpreterOf(trace, need.program);
      opens.set(program, [
        ...(opens.get(program) ?? []),
        ...need.opens.map((open) => ({ ...open, need: need.kind })),
      ]);
    }
  return opens;
}

/** The program that reads a script; any other program as it is. */
function interpreterOf({ closures, files, options }: Trace, path: string): string {
  const shebang = closures.find(({ program }) => program.path === path)?.program.shebang;
  if (shebang === undefined) return path;
  return readerOf(files, shebang, startPlace(options));
}
