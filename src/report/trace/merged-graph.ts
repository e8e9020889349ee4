/**
 * The graphs of needs of all programs as one, for the formats that draw: an object that several
 * programs load is one node, a name that is missing too.
 */

import { type NeedNode, needGraph } from '../../closure/need-graph.js';
import { baseName } from '../../root/path-text.js';
import { formatBytes } from '../style.js';
import { nameOf, type ReportInput } from './report.js';

export interface DrawnNode {
  readonly id: number;
  readonly role: NeedNode['role'];
  /** The soname or needed name without directories; of a program, how the user named it. */
  readonly title: string;
  /** Where it is, or that it is not. */
  readonly path: string;
  readonly size: string;
}

interface DrawnEdge {
  readonly from: number;
  readonly to: number;
  readonly isMissing: boolean;
  /** The text that asks, by which tag, and the rule that found the file. */
  readonly words: string;
  /** The same in short, where it says more than the node it leads to; else empty. */
  readonly label: string;
}

export interface MergedGraph {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

/** Nodes in load order, program after program; each need once. */
export function mergedGraph(input: ReportInput): MergedGraph {
  const nodes = new Map<string, DrawnNode>();
  const edges = new Map<string, DrawnEdge>();
  for (const closure of input.closures) {
    const graph = needGraph(closure);
    const drawn = graph.nodes.map((node) => {
      const key = node.realPath ?? `?${node.name}`;
      const known = nodes.get(key);
      const isProgram = node.role === 'program';
      const title = isProgram
        ? nameOf(input, closure)
        : (node.soname ?? (baseName(node.name) || node.name));
      const next: DrawnNode = {
        id: known?.id ?? nodes.size,
        role: node.role,
        title,
        path: node.path ?? 'not found',
        size: node.role === 'missing' ? 'not found' : formatBytes(node.size),
      };
      // A library that the user named too is drawn as what they named.
      if (known === undefined || isProgram) nodes.set(key, next);
      return known === undefined || isProgram ? next : known;
    });
    for (const { from, to, kind, needed } of graph.needs) {
      const [start, end] = [drawn[from.id] as DrawnNode, drawn[to.id] as DrawnNode];
      const rule = to.rows.find((row) => row.needed === needed)?.rule;
      const tag = kind === 'needed' ? '' : kind;
      const notes = [tag, rule === tag ? undefined : rule].filter(Boolean).join(', ');
      const key = `${start.id} ${end.id} ${kind} ${needed}`;
      edges.set(key, {
        from: start.id,
        to: end.id,
        isMissing: to.role === 'missing',
        words: notes === '' ? needed : `${needed} (${notes})`,
        label: tag !== '' ? tag : needed === end.title || needed === to.name ? '' : needed,
      });
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}
