/**
 * A closure as a graph: objects and missing names are nodes, needs are edges. Its dominator tree tells
 * what nothing would need any more if one object or one need were gone.
 */

import type { LoadedObject } from '../loader/loader.js';
import { addTo } from '../root/multimap.js';
import { requireClosure } from './arguments.js';
import type { Closure, Library } from './closure.js';
import { dominatorTree } from './dominator-tree.js';

/** A file of the closure, or a name for which there is none. */
export interface NeedNode {
  /** Its place in {@link NeedGraph.nodes}; 0 is the program. */
  readonly id: number;
  readonly role: LoadedObject['role'] | 'missing' | 'excluded';
  /** How people call it: the needed name, of the program and the interpreter the path. */
  readonly name: string;
  /** As it is opened, and where it is; absent when missing. */
  readonly path?: string;
  readonly realPath?: string;
  readonly soname?: string;
  /** In bytes; 0 when missing. */
  readonly size: number;
  /** The rows of the closure that lead to it, the first one first; none for the program. */
  readonly rows: readonly Library[];
}

/** Whether a node is a name without a file. */
export function isAbsent(role: NeedNode['role']): role is 'missing' | 'excluded' {
  return role === 'missing' || role === 'excluded';
}

/** That one object asks for another, and how. */
export interface Need {
  readonly from: NeedNode;
  readonly to: NeedNode;
  readonly kind: Library['kind'] | 'interpreter';
  /** The text that asks for it. */
  readonly needed: string;
}

/** Files and bytes, without the links that lead to them. */
export interface Cost {
  readonly files: number;
  readonly bytes: number;
}

/** The objects of a closure and the needs between them, the program first; made by needGraph. */
export interface NeedGraph {
  readonly nodes: readonly NeedNode[];
  readonly needs: readonly Need[];
  /** The needs of a node, and those that lead to it, by its id. */
  readonly needsOf: readonly (readonly Need[])[];
  readonly needersOf: readonly (readonly Need[])[];
  /** What would go if this node were gone, itself included. */
  cost(node: NeedNode): Cost;
  /** The id of the nearest node that every chain to this one goes through; of the program its own. */
  holderOf(id: number): number | undefined;
  /**
   * What would go if this need were gone and every other stayed; nothing where others hold it, which
   * may be of the same object: musl's libc.so is its interpreter too.
   */
  costOfNeed(need: Need): Cost;
}

/** The graph of one closure, nodes in load order. What a change of search order does is not seen. */
export function needGraph(closure: Closure): NeedGraph {
  requireClosure(closure);
  const nodes = nodesOf(closure);
  const needs = findNeeds(closure, nodes);
  const needsOf: Need[][] = nodes.map(() => []);
  const needersOf: Need[][] = nodes.map(() => []);
  for (const need of needs) {
    needsOf[need.from.id]?.push(need);
    needersOf[need.to.id]?.push(need);
  }
  const dominators = dominatorTree(needsOf, needersOf);
  const costs = nodes.map(({ role, size }) => ({ files: isAbsent(role) ? 0 : 1, bytes: size }));
  // Deepest first, so that every node is whole before it counts in the one above.
  for (const id of [...dominators.order].reverse()) {
    const above = costs[dominators.above[id] as number];
    const own = costs[id];
    if (id === 0 || above === undefined || own === undefined) continue;
    above.files += own.files;
    above.bytes += own.bytes;
  }
  const cost = (node: NeedNode): Cost => costs[node.id] ?? { files: 0, bytes: 0 };
  return {
    nodes,
    needs,
    needsOf,
    needersOf,
    cost,
    holderOf: (id) => dominators.above[id],
    costOfNeed(need) {
      const others = (needersOf[need.to.id] ?? []).filter(
        (other) => other !== need && !dominators.dominates(need.to.id, other.from.id),
      );
      return others.length > 0 ? { files: 0, bytes: 0 } : cost(need.to);
    },
  };
}

function nodesOf(closure: Closure): NeedNode[] {
  const { program, interpreter, libraries } = closure;
  const rowsOf = new Map<string, Library[]>();
  const keyOf = (row: Library) => row.object?.realPath ?? `?${row.name}`;
  for (const row of libraries) addTo(rowsOf, keyOf(row), row);
  const nodes: NeedNode[] = [];
  const seen = new Set<string>();
  const add = (key: string, node: Omit<NeedNode, 'id' | 'rows'>) => {
    if (seen.has(key)) return;
    seen.add(key);
    nodes.push({ id: nodes.length, rows: rowsOf.get(key) ?? [], ...node });
  };
  add(program.realPath, {
    role: 'program',
    name: program.path,
    path: program.path,
    realPath: program.realPath,
    size: program.entry.size,
    soname: closure.objects[0]?.elf.dynamic?.soname,
  });
  if (interpreter !== null) {
    const { path, realPath, entry } = interpreter;
    const object = libraries.find((row) => row.object?.realPath === realPath)?.object;
    add(
      realPath ?? `?${path}`,
      realPath === undefined || entry === undefined
        ? { role: 'missing', name: path, size: 0 }
        : {
            role: 'interpreter',
            name: path,
            path,
            realPath,
            size: entry.size,
            soname: object?.elf.dynamic?.soname,
          },
    );
  }
  for (const row of libraries) {
    const { object, name } = row;
    add(
      keyOf(row),
      object === undefined
        ? { role: row.status === 'excluded' ? 'excluded' : 'missing', name, size: 0 }
        : {
            role: object.role,
            name,
            path: object.path,
            realPath: object.realPath,
            size: object.entry.size,
            soname: object.elf.dynamic?.soname,
          },
    );
  }
  return nodes;
}

function findNeeds(closure: Closure, nodes: readonly NeedNode[]): Need[] {
  const { program, objects } = closure;
  const first = nodes[0] as NeedNode;
  const byRealPath = new Map(nodes.map((node) => [node.realPath ?? `?${node.name}`, node]));
  const byPath = new Map<string, NeedNode>();
  for (const { path, realPath } of [{ ...program }, ...objects]) {
    const node = byRealPath.get(realPath);
    if (node !== undefined && !byPath.has(path)) byPath.set(path, node);
  }
  const needs: Need[] = interpreterNeed(closure, first, byRealPath);
  const needed = new Set(needs.map(({ to }) => to));
  const add = (need: Need) => {
    needs.push(need);
    needed.add(need.to);
  };
  for (const to of nodes)
    for (const row of to.rows) {
      for (const need of needsOfRow(row, to, byPath)) add(need);
      // The loader lists itself, and what is preloaded is asked for from outside.
      const isAlone = row.neededBy.length === 0 && to !== first;
      if (isAlone && !needed.has(to)) add({ from: first, to, kind: row.kind, needed: row.needed });
    }
  return needs;
}

function interpreterNeed(
  { interpreter }: Closure,
  from: NeedNode,
  byRealPath: ReadonlyMap<string, NeedNode>,
): Need[] {
  if (interpreter === null) return [];
  const to = byRealPath.get(interpreter.realPath ?? `?${interpreter.path}`);
  return to === undefined ? [] : [{ from, to, kind: 'interpreter', needed: interpreter.path }];
}

function needsOfRow(
  { neededBy, kind, needed }: Library,
  to: NeedNode,
  byPath: ReadonlyMap<string, NeedNode>,
): Need[] {
  return neededBy.flatMap((path) => {
    const from = byPath.get(path);
    return from === undefined || from === to ? [] : [{ from, to, kind, needed }];
  });
}
