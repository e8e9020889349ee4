/**
 * What a program needs at run time of a name that no loader is asked for at its start: the programs whose
 * graphs have it, and the needs that bring it into an image unasked.
 */

import { traceRuntimeNeeds } from '../api/runtime-needs.js';
import { findNeeded } from '../closure/find-needed.js';
import { type NeedGraph, type NeedNode, needGraph } from '../closure/need-graph.js';
import type { Trace } from '../closure/trace.js';
import type { RuntimeNeed } from '../needs/need.js';
import { baseName } from '../root/path-text.js';
import { startOf } from './image-start.js';
import type { SharedOptions } from './options.js';
import { needChoice } from './runtime-needs.js';
import type { TraceRequest } from './trace-request.js';

/** A trace of the programs that need it, and the needs; both without an entry where nothing needs it. */
export interface NeededAtRunTime {
  readonly closures: Trace['closures'];
  readonly needs: readonly RuntimeNeed[];
}

/** Throws what traceRuntimeNeeds() throws. */
export function neededAtRunTime(
  { trace: start, opened }: TraceRequest,
  options: SharedOptions,
  wanted: string,
): NeededAtRunTime {
  const about = { ...startOf(start.root, options), ...needChoice(start, options), opened };
  const { trace, chosen } = traceRuntimeNeeds(start, about);
  const found = trace.closures.map((closure) => {
    const graph = needGraph(closure);
    const { path, realPath } = closure.program;
    const nodes = isCalled(wanted, path, realPath)
      ? graph.nodes.slice(0, 1)
      : findNeeded(graph, wanted);
    return { closure, leading: leadingTo(graph, nodes), isFound: nodes.length > 0 };
  });
  const needs = chosen.filter(({ program, opens, starts, ...need }) => {
    if ([...need.files, ...Object.keys(need.generated)].some((path) => isAt(wanted, path)))
      return true;
    return found.some(
      ({ closure: { program: own }, leading, isFound }) =>
        (isFound && starts.includes(own.path)) ||
        (own.path === program && opens.some(({ name }) => leading.has(name))),
    );
  });
  const all = found.filter(({ isFound }) => isFound).map(({ closure }) => closure);
  const named = all.filter(({ program }) => start.programs.includes(program.path));
  return { closures: named.length > 0 ? named : all, needs };
}

function isCalled(wanted: string, ...paths: readonly string[]): boolean {
  return paths.some((path) => path === wanted || baseName(path) === wanted);
}

/** Whether a path is called so, or is a directory around it. */
function isAt(wanted: string, path: string): boolean {
  return isCalled(wanted, path) || wanted.startsWith(`${path}/`);
}

/** The names and paths of the nodes and of all that needs them. */
function leadingTo(graph: NeedGraph, nodes: readonly NeedNode[]): ReadonlySet<string | undefined> {
  const leading = new Set(nodes);
  for (const { id } of leading) for (const { from } of graph.needersOf[id] ?? []) leading.add(from);
  return new Set(
    [...leading].flatMap(({ name, path, realPath, soname, rows }) => [
      ...[name, path, realPath, soname],
      ...rows.flatMap((row) => [row.name, row.needed]),
    ]),
  );
}
