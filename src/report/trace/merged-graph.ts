/**
 * The graphs of needs of all programs as one graph, for the formats that draw it. An object that
 * several programs load is one node, and so is a name that is missing.
 */

import { isAbsent, type Need, type NeedNode, needGraph } from '../../closure/need-graph.js';
import { baseName } from '../../root/path-text.js';
import { absentWord } from '../absent-word.js';
import { formatBytes } from '../style.js';
import { nameOf, type ReportInput } from './report.js';

export interface DrawnNode {
  readonly id: number;
  readonly role: NeedNode['role'];
  /** The soname or needed name without directories; of a program, how the user named it. */
  readonly title: string;
  /** Its path, or why there is none. */
  readonly path: string;
  readonly size: string;
}

interface DrawnEdge {
  readonly from: number;
  readonly to: number;
  readonly isMissing: boolean;
  /** The needed name, the kind of need, and the rule that found the file. */
  readonly words: string;
  /** The same in short; empty if it says no more than the node it leads to. */
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
    const drawn = graph.nodes.map((node) => addNode(nodes, node, nameOf(input, closure)));
    for (const need of graph.needs) {
      const [from, to] = [drawn[need.from.id] as DrawnNode, drawn[need.to.id] as DrawnNode];
      edges.set(`${from.id} ${to.id} ${need.kind} ${need.needed}`, drawnEdge(need, from, to));
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** The drawn node of an object or missing name, new or from an earlier program. */
function addNode(nodes: Map<string, DrawnNode>, node: NeedNode, program: string): DrawnNode {
  const { role, name, soname, path, realPath, size } = node;
  const key = realPath ?? `?${name}`;
  const known = nodes.get(key);
  // A library that the user also named is drawn as the user named it.
  if (known !== undefined && role !== 'program') return known;
  const next: DrawnNode = {
    id: known?.id ?? nodes.size,
    role,
    title: role === 'program' ? program : (soname ?? (baseName(name) || name)),
    path: path ?? absentWord(role),
    size: isAbsent(role) ? absentWord(role) : formatBytes(size),
  };
  nodes.set(key, next);
  return next;
}

function drawnEdge({ to, kind, needed }: Need, start: DrawnNode, end: DrawnNode): DrawnEdge {
  const rule = to.rows.find((row) => row.needed === needed)?.rule;
  const tag = kind === 'needed' ? '' : kind;
  const notes = [tag, rule === tag ? undefined : rule].filter(Boolean).join(', ');
  const isTitle = needed === end.title || needed === to.name;
  return {
    from: start.id,
    to: end.id,
    isMissing: isAbsent(to.role),
    words: notes === '' ? needed : `${needed} (${notes})`,
    label: tag || (isTitle ? '' : needed),
  };
}
