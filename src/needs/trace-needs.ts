/**
 * A trace together with what its programs need at run time: what is opened and started is traced too,
 * in rounds, since it has needs of its own. What goes into an image is decided here.
 */

import { countCalls } from '../closure/dlopen-call.js';
import type { Trace } from '../closure/trace.js';
import { UsageError } from '../errors.js';
import { openedFiles } from '../opened/opened-files.js';
import type { OpenedLog } from '../opened/opened-log.js';
import { type Account, accountsOf, type Group } from '../root/accounts.js';
import { baseName } from '../root/path-text.js';
import { compareOpened, type OpenedDifferences } from './compare-opened.js';
import {
  addsNothing,
  chooseNeeds,
  detectNeeds,
  type NeedChoice,
  type NeedsByClosure,
  opensOf,
  publicNeed,
  refusedNeeds,
  withoutRefused,
} from './detect-needs.js';
import { excludedPaths, withoutExcluded } from './excluded-files.js';
import { includedNeeds } from './included-needs.js';
import type { NeedDetector, RuntimeNeed } from './need.js';
import { openedNeeds, preferOpened } from './opened-needs.js';
import { packageNeeds } from './package-files.js';
import { lockedShadow } from './pam.js';
import type { NeedOptions } from './program-facts.js';
import { isLoginShellName } from './shells.js';

/** Which needs an image shall have. */
export interface ImageNeedOptions extends Omit<NeedOptions, 'asked' | 'added'>, NeedChoice {
  /**
   * Absolute paths or glob patterns in the root, of more files. Libraries among them are resolved as
   * if the first program had opened them, programs are traced as programs. If a path
   * is that of one file, all that it needs must be found; files of a directory or pattern may lack something.
   */
  readonly include?: readonly string[];
  /** Files that the command of the image names. They count as those of `include`, but no secret is added. */
  readonly started?: readonly string[];
  /**
   * Names of packages of the root, whose files that matter at run time are added: no documentation, no
   * headers, no static libraries. Libraries and programs among them count as those of `include` do.
   */
  readonly packages?: readonly string[];
  /** What a run opened that someone made: its files are added, and compared with those that are found. */
  readonly opened?: OpenedLog;
  /** Needs that the caller found itself. */
  readonly given?: readonly RuntimeNeed[];
}

/** A trace that knows what its programs open and start, and the needs that made it so. */
export interface TraceWithNeeds {
  readonly trace: Trace;
  /** Those that count, for the plan of an image. */
  readonly chosen: readonly RuntimeNeed[];
  /** Those that would be added on demand. */
  readonly suggested: readonly RuntimeNeed[];
  /** What the log of a run tells against it; absent without a log. */
  readonly opened?: OpenedDifferences;
}

/** What is opened opens more at most twice in practice. */
const MOST_ROUNDS = 4;

/**
 * Detects needs, adds what the chosen ones open and start, until nothing new comes. Throws
 * {@link UsageError} for kinds and packages that are not known, and FILE_NOT_FOUND for an `include` of
 * nothing.
 */
export function traceNeeds(
  trace: Trace,
  options: ImageNeedOptions,
  detectors: readonly NeedDetector[],
): TraceWithNeeds {
  const { include = [], started, packages = [], opened, given: own = [], ...choice } = options;
  const named = [
    ...includedNeeds(trace, include, started),
    ...packageNeeds(trace, packages, choice),
    ...own,
  ];
  const predicted = completed(trace, named, choice, detectors);
  if (opened === undefined) return predicted;
  const files = openedFiles(trace.files, opened, trace.programs);
  const given = [...named, ...openedNeeds(predicted, files)];
  const complete = completed(predicted.trace, given, choice, detectors);
  const chosen = preferOpened(complete.chosen);
  return { ...complete, chosen, opened: compareOpened(predicted, files, opened) };
}

/** The trace with the needs that are `given` and those that are chosen, in rounds. */
function completed(
  trace: Trace,
  given: readonly RuntimeNeed[],
  {
    with: asked = [],
    without = [],
    likely,
    ...about
  }: Omit<ImageNeedOptions, 'include' | 'started' | 'packages' | 'opened' | 'given'>,
  detectors: readonly NeedDetector[],
): TraceWithNeeds {
  const reduced = (need: RuntimeNeed) => withoutExcluded(need, trace.exclusions, trace.files);
  const own = given.map(reduced);
  const added = own.flatMap(({ kind, files }) => (kind === 'include' ? files : []));
  let known = withNeeded(trace, own);
  const choice = { with: asked, without, likely };
  const detecting = withoutRefused(detectors, choice);
  const found = new Map<string, RuntimeNeed>();
  const before: NeedsByClosure = new WeakMap();
  for (let round = 1; ; round++) {
    const options = { ...about, asked, added };
    const needs = detectNeeds(known, options, detecting, trace.programs, before).map(reduced);
    for (const need of needs) {
      const key = `${need.program}\0${need.kind}\0${need.confidence}`;
      found.set(key, withEarlier(need, found.get(key)));
    }
    const all = [...found.values()];
    const refused = excludedPaths(refusedNeeds(all, choice, detectors), trace.files);
    const counting = chooseNeeds(all, choice, detectors);
    const chosen = counting.map((need) =>
      publicNeed(withoutExcluded(need, refused, trace.files), trace.files),
    );
    const next = withNeeded(known, chosen);
    if (round < MOST_ROUNDS && next !== known) {
      known = next;
      continue;
    }
    const suggested = all
      .filter((need) => !counting.includes(need) && !without.includes(need.kind))
      .map((need) => withoutSecretFiles(need, next))
      .filter((need) => bringsMore(need, chosen, next));
    return { trace: next, chosen: withSameTexts(next, [...own, ...chosen]), suggested };
  }
}

/** What is only suggested has its directories unread: no secret of them is in the image. */
function withoutSecretFiles(need: RuntimeNeed, { files }: Trace): RuntimeNeed {
  const isDirectory = (path: string) => files.kindAt(path) === 'directory';
  return need.files.some(isDirectory) ? need : publicNeed(need, files);
}

/** Each program has the users that it names in a file of its own text: an image has those of all. */
function withSameTexts(trace: Trace, needs: readonly RuntimeNeed[]): RuntimeNeed[] {
  const lines = new Map<string, Set<string>>();
  const owners = ownersOf(trace, needs);
  for (const { generated } of needs)
    for (const [path, text] of Object.entries(generated)) {
      const all = lines.get(path) ?? new Set();
      for (const line of linesOf(trace, path, text + (owners[path] ?? ''))) all.add(line);
      lines.set(path, all);
    }
  for (const line of shadowLines(trace, needs, lines.get('/etc/passwd')))
    lines.get('/etc/shadow')?.add(line);
  return needs.map((need) => {
    const paths = Object.keys(need.generated);
    if (paths.length === 0) return need;
    const texts = paths.map((path) => [path, `${[...(lines.get(path) ?? [])].join('\n')}\n`]);
    return { ...need, generated: Object.fromEntries(texts) };
  });
}

/** pam_unix refuses a user who is in /etc/passwd and not in /etc/shadow: a line for each user of the image. */
function shadowLines(
  { root }: Trace,
  needs: readonly RuntimeNeed[],
  made: Iterable<string> = [],
): string[] {
  const isCopied = needs.some(({ files }) => files.includes('/etc/passwd'));
  const lines = isCopied ? accountsOf(root).accounts.map(({ line }) => line) : [...made];
  const users = lines.map((line) => line.split(':', 1)[0] ?? '');
  return lockedShadow(users).split('\n').slice(0, -1);
}

/** Lines of those who own what the needs bring, by the file that has them: a program changes to them. */
function ownersOf({ files, root }: Trace, needs: readonly RuntimeNeed[]): Record<string, string> {
  const owned = needs.flatMap((need) => [
    ...need.directories,
    ...need.files.flatMap((path) => {
      const file = files.resolve(path);
      return file.found ? [file.entry] : [];
    }),
  ]);
  const users = new Set(owned.map(({ uid }) => uid || undefined));
  const groups = new Set(owned.map(({ gid }) => gid || undefined));
  const { accounts, groups: all } = accountsOf(root);
  const linesBy = (entries: readonly (Account | Group)[], ids: ReadonlySet<number | undefined>) =>
    entries
      .filter(({ id }) => id !== undefined && ids.has(id))
      .map(({ line }) => `${line}\n`)
      .join('');
  return { '/etc/passwd': linesBy(accounts, users), '/etc/group': linesBy(all, groups) };
}

function linesOf(trace: Trace, path: string, text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return path === '/etc/passwd' ? lines.map((line) => withShell(trace, line)) : lines;
}

/** The line of an account; where the image does not get its shell, it is that of any system. */
function withShell({ closures, files }: Trace, line: string): string {
  const shell = line.slice(line.lastIndexOf(':') + 1);
  if (!shell.startsWith('/') || !isLoginShellName(baseName(shell))) return line;
  const file = files.resolve(shell);
  const isTraced = file.found && closures.some(({ program }) => program.realPath === file.path);
  return isTraced ? line : `${line.slice(0, -shell.length)}/bin/sh`;
}

/** Whether a need adds anything to the chosen ones. A need that only tells something does. */
function bringsMore(
  need: RuntimeNeed,
  chosen: readonly RuntimeNeed[],
  { closures }: Trace,
): boolean {
  if (addsNothing(need)) return true;
  const files = chosen.flatMap((one) => one.files);
  const opened = new Set(chosen.flatMap(({ opens }) => opens.map(({ name }) => name)));
  const made = new Set(chosen.flatMap(({ generated }) => Object.keys(generated)));
  const directories = new Set(chosen.flatMap((one) => one.directories.map(({ path }) => path)));
  const traced = new Set(closures.map(({ program }) => program.path));
  const isCopied = (path: string) =>
    files.some((file) => path === file || path.startsWith(`${file}/`));
  return !(
    need.files.every(isCopied) &&
    need.opens.every(({ name }) => opened.has(name)) &&
    need.starts.every((path) => traced.has(path)) &&
    need.directories.every(({ path }) => directories.has(path)) &&
    Object.keys(need.generated).every((path) => made.has(path))
  );
}

/** A need with what an earlier round found for it: what is open already is not suggested again. */
function withEarlier(need: RuntimeNeed, earlier: RuntimeNeed | undefined): RuntimeNeed {
  if (earlier === undefined) return need;
  const names = new Set(need.opens.map(({ name, from }) => `${name}\0${from}`));
  const lost = earlier.opens.filter(({ name, from }) => !names.has(`${name}\0${from}`));
  return {
    ...need,
    because: earlier.because,
    files: [...new Set([...earlier.files, ...need.files])],
    opens: [...lost, ...need.opens],
    starts: [...new Set([...earlier.starts, ...need.starts])],
    directories: [
      ...earlier.directories.filter(({ path }) =>
        need.directories.every((one) => one.path !== path),
      ),
      ...need.directories,
    ],
    generated: { ...earlier.generated, ...need.generated },
  };
}

/** The trace with what the needs open and start; the same trace where that is nothing new. */
function withNeeded(trace: Trace, needs: readonly RuntimeNeed[]): Trace {
  const opens = opensOf(needs, trace);
  const programs = needs.flatMap(({ starts }) => starts);
  if (opens.size === 0 && programs.length === 0) return trace;
  const next = trace.again({ programs, opens });
  return countOpened(next) > countOpened(trace) ? next : trace;
}

/** How many programs and calls of dlopen() a trace has walked. */
function countOpened({ options, closures }: Trace): number {
  return countCalls(options.opens ?? new Map()) + closures.length;
}
