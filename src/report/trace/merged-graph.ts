/**
 * The graphs of needs of all programs as one graph, for the formats that draw it. An object that
 * several programs load is one node, and so is a name that is missing. Most needs are implied by
 * others (libc.so.6 by nearly all), so that a drawing leaves them out.
 */

import { isAbsent, type Need, type NeedNode, needGraph } from '../../closure/need-graph.js';
import { transitiveReduction } from '../../closure/transitive-reduction.js';
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

export interface DrawnEdge {
  readonly from: number;
  readonly to: number;
  readonly kind: Need['kind'];
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

/** Larger drawings get less room between nodes, since a screen shows them small. */
const MOST_LOOSE = 30;

/** Whether a drawing is so large that its nodes stand close together. */
export function isDense({ nodes }: MergedGraph): boolean {
  return nodes.length > MOST_LOOSE;
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

/** What a drawing shows, and how much it leaves out. */
export interface DrawnGraph extends MergedGraph {
  /** Needs that are not drawn, since others lead to the same file. */
  readonly impliedNeeds: number;
  /** Files and missing names that are further from the programs than `depth`. */
  readonly furtherNodes: number;
}

/** The merged graph up to `input.depth` needs from the programs, reduced unless all edges are asked for. */
export function drawnGraph(input: ReportInput): DrawnGraph {
  const merged = mergedGraph(input);
  const { nodes, edges } = upTo(merged, input.depth);
  const drawn = input.hasAllEdges ? edges : withoutImplied(edges);
  return {
    nodes,
    edges: drawn,
    impliedNeeds: edges.length - drawn.length,
    furtherNodes: merged.nodes.length - nodes.length,
  };
}

/**
 * Edges that no others imply. Only ordinary needs imply others and are left out: a missing library, or one that
 * is preloaded or opened, keeps its edge.
 */
function withoutImplied(edges: readonly DrawnEdge[]): DrawnEdge[] {
  const isOrdinary = ({ kind, isMissing }: DrawnEdge) => kind === 'needed' && !isMissing;
  const kept = new Set(transitiveReduction(edges.filter(isOrdinary)));
  return edges.filter((edge) => !isOrdinary(edge) || kept.has(edge));
}

function upTo({ nodes, edges }: MergedGraph, depth = Number.POSITIVE_INFINITY): MergedGraph {
  const needs = new Map<number, number[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) needs.get(from)?.push(to);
  const programs = nodes.filter(({ role }) => role === 'program');
  const steps = new Map(programs.map(({ id }) => [id, 0]));
  // A map is walked in the order of insertion, what is added on the way included.
  for (const [id, step] of steps) {
    if (step >= depth) continue;
    for (const to of needs.get(id) ?? []) if (!steps.has(to)) steps.set(to, step + 1);
  }
  const isDrawn = (id: number) => steps.has(id);
  return {
    nodes: nodes.filter(({ id }) => isDrawn(id)),
    edges: edges.filter(({ from, to }) => isDrawn(from) && isDrawn(to)),
  };
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
    kind,
    isMissing: isAbsent(to.role),
    words: notes === '' ? needed : `${needed} (${notes})`,
    label: tag || (isTitle ? '' : needed),
  };
}
