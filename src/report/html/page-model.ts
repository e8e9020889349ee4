/**
 * From traced and checked programs to what the HTML page knows. All texts are made printable here, so
 * that no name of a file can hide or turn text; that none becomes a tag is the matter of the page.
 */
import type { CheckedClosure } from '../../check/check-closure.js';
import type { Closure } from '../../closure/closure.js';
import { type ClosureFile, closureFiles, totalSize } from '../../closure/closure-files.js';
import type { NeedNode } from '../../closure/need-graph.js';
import { printable } from '../../errors.js';
import { baseName } from '../../root/path-text.js';
import { type FoundTogether, foundTogether } from '../check/found-together.js';
import { verdictFacts } from '../check/verdict-facts.js';
import { withPlainSymbols } from '../plain-symbols.js';
import { count } from '../style.js';
import { describeProgram } from '../trace/describe-program.js';
import { nameOf, type ReportInput } from '../trace/report.js';
import { type MergedFile, type MergedFiles, mergedFiles } from './merged-files.js';
import type {
  PageCost,
  PageData,
  PageFile,
  PageFinding,
  PageProgram,
  PageState,
} from './page-data.js';

/** Everything that the page shows; programs in the order in which the user named them. */
export function pageModel(input: ReportInput): PageData {
  const merged = mergedFiles(input.closures);
  const names = new Map(input.closures.map((closure) => [closure, nameOf(input, closure)]));
  const files = merged.files.map((file) => pageFile(file, names, input));
  const data = {
    root: input.root,
    total: costOf(input.closures.flatMap(closureFiles)),
    programs: input.closures.map((_, index) => pageProgram(index, merged, input)),
    files,
    needs: merged.needs,
    errors: input.errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)),
  };
  return printableTexts(data) as PageData;
}

function costOf(files: readonly ClosureFile[]): PageCost {
  const total = totalSize(files);
  return [total.files, total.bytes];
}

function pageFile(
  { node, closure, cost, holder }: MergedFile,
  names: ReadonlyMap<Closure, string>,
  { packageOf, isUsual }: ReportInput,
): PageFile {
  const { role, path, realPath, size, rows } = node;
  const row = rows.find(({ name }) => name === node.name) ?? rows[0];
  return {
    name: role === 'program' ? (names.get(closure) ?? node.name) : nameOfFile(node),
    role,
    path,
    realPath: realPath === path ? undefined : realPath,
    size,
    cost,
    holder,
    package: realPath === undefined ? undefined : packageOf?.(realPath),
    rule: role === 'program' ? undefined : row?.rule,
    usual:
      role === 'interpreter' || rows.some((each) => isUsual?.(closure, each)) ? true : undefined,
    searches: rows.map(({ name, tried }) => ({
      name,
      tried: tried.map(({ path: place, outcome, rule, from }) =>
        from === undefined ? [place, outcome, rule] : [place, outcome, rule, from],
      ),
    })),
  };
}

function nameOfFile({ name, soname, role }: NeedNode): string {
  return role === 'interpreter'
    ? baseName(name) || name
    : name.includes('/')
      ? (soname ?? name)
      : name;
}

function pageProgram(
  index: number,
  { files, loads }: MergedFiles,
  input: ReportInput,
): PageProgram {
  const closure = input.closures[index] as Closure;
  const checked = input.checked?.get(closure.program.path);
  const own = loads[index] ?? [];
  return {
    name: nameOf(input, closure),
    file: own[0] ?? 0,
    ...conclusion(closure, checked),
    kind: describeProgram(closure),
    total: costOf(closureFiles(closure)),
    glibc: input.minimumGlibc?.(closure),
    loads: own,
    findings: foundTogether(checked?.findings ?? []).map((each) => pageFinding(each, own, files)),
    runtime: (input.needs?.get(closure.program.path) ?? []).map(
      ({ kind, confidence, because }) => ({ kind, confidence, because: withPlainSymbols(because) }),
    ),
    notes: [
      ...(closure.fatal === undefined ? [] : [`the loader gives up: ${closure.fatal}`]),
      ...(input.quiet ? [] : closure.diagnostics).map(({ message, hint }) =>
        hint === undefined ? message : `${message}; ${hint}`,
      ),
    ],
  };
}

function conclusion(
  closure: Closure,
  checked: CheckedClosure | undefined,
): { readonly state: PageState; readonly verdict: string } {
  if (checked === undefined) {
    const state = closure.complete ? 'complete' : 'incomplete';
    return { state, verdict: state };
  }
  const { verdict: state } = checked;
  const { does, warnings } = verdictFacts(checked);
  return {
    state,
    verdict: state === 'warns' ? `${does}, with ${count(warnings, 'warning')}` : does,
  };
}

function pageFinding(
  { code, severity, paths, message, seen, cause, remedy, consequences }: FoundTogether,
  own: readonly number[],
  files: readonly MergedFile[],
): PageFinding {
  // A missing name has no path, so the finding has the name in its place.
  const isAbout = ({ path: place, realPath, name, rows }: NeedNode) =>
    paths.some((path) => [place, realPath, name].includes(path)) ||
    rows.some((row) => paths.includes(row.name));
  const about = own.slice(1).filter((number) => {
    const node = files[number]?.node;
    return node !== undefined && isAbout(node);
  });
  return {
    code,
    severity,
    message: withPlainSymbols(message),
    // What a loader prints has the names as they are.
    seen,
    cause: withPlainSymbols(cause),
    remedy: withPlainSymbols(remedy),
    consequences: consequences?.map(withPlainSymbols),
    about,
  };
}

/** The same data with every text printable. */
function printableTexts(value: unknown, name = ''): unknown {
  // A quoted message may be of several lines, and a name must not pretend to be.
  if (typeof value === 'string')
    return name === 'seen' ? value.split('\n').map(printable).join('\n') : printable(value);
  if (Array.isArray(value)) return value.map((each) => printableTexts(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, printableTexts(each, key)]),
  );
}
