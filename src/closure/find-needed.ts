/**
 * From what a user calls a library to the nodes of a graph of needs; and what they may have meant
 * where there is none.
 */

import { compareBytes } from '../root/byte-order.js';
import { editDistance } from '../root/edit-distance.js';
import { hasWildcard } from '../root/glob.js';
import { compilePattern } from '../root/glob-pattern.js';
import { baseName } from '../root/path-text.js';
import type { NeedGraph, NeedNode } from './need-graph.js';

/**
 * The nodes that `wanted` names: exactly (soname, needed name, base name or path), else as a
 * pattern as for --exclude, else as how the name begins, with or without `lib`. Not the program.
 */
export function findNeeded(graph: NeedGraph, wanted: string): readonly NeedNode[] {
  const nodes = graph.nodes.slice(1);
  const matching = (test: (name: string) => boolean) =>
    nodes.filter((node) => namesOf(node).some(test));
  const exact = withoutLoaded(matching((name) => name === wanted));
  if (exact.length > 0 || wanted === '') return exact;
  if (hasWildcard(wanted)) return matching(compilePattern(wanted, true));
  const begins = matching((name) => name.startsWith(`${wanted}.`));
  if (begins.length > 0) return begins;
  const withLib = matching((name) => name.startsWith(`lib${wanted}.`));
  return withLib.length > 0 ? withLib : matching((name) => name.startsWith(wanted));
}

/** Names that nothing was found for stand for what a later dlopen() loads by its path: Java's libjvm.so. */
function withoutLoaded(nodes: readonly NeedNode[]): readonly NeedNode[] {
  const loaded = new Set(nodes.map(({ soname }) => soname));
  return nodes.filter(({ role, name }) => role !== 'missing' || !loaded.has(name));
}

/**
 * Names that differ from `wanted` in few letters, the most similar first; three at most. Sonames are long and
 * end in a version, so that more of them are similar than of other names.
 */
export function similarNames(graph: NeedGraph, wanted: string): readonly string[] {
  const most = Math.max(1, Math.floor(baseName(wanted).length / 3));
  return byDistance(graph, wanted)
    .filter(({ distance }) => distance <= most)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** The names of all that is needed, each once, those first that are most similar to `wanted`. */
export function nearestNames(graph: NeedGraph, wanted: string): readonly string[] {
  return byDistance(graph, wanted).map(({ name }) => name);
}

/** A typing error changes fewer characters, and the cost is the product of both lengths. */
const MAX_COMPARED = 200;

function byDistance(graph: NeedGraph, wanted: string): { name: string; distance: number }[] {
  const asked = baseName(wanted);
  const distanceTo = (name: string) => {
    if (name.length > MAX_COMPARED || asked.length > MAX_COMPARED) return Number.POSITIVE_INFINITY;
    const stem = name.replace(/\.so(?:\..*)?$/, '');
    const candidates = [name, stem, stem.replace(/^lib/, '')];
    return Math.min(...candidates.map((candidate) => editDistance(asked, candidate)));
  };
  return [...new Set(graph.nodes.slice(1).map((node) => node.name))]
    .map((name) => ({ name, distance: distanceTo(name) }))
    .sort((a, b) => a.distance - b.distance || compareBytes(a.name, b.name));
}

function namesOf(node: NeedNode): readonly string[] {
  const paths = [node.path, node.realPath, ...node.rows.map(({ opened }) => opened?.path)].filter(
    (path) => path !== undefined,
  );
  const names = node.rows.flatMap(({ name, needed }) => [name, needed]);
  return [
    node.name,
    ...names,
    ...(node.soname === undefined ? [] : [node.soname]),
    ...paths,
    ...paths.map(baseName),
  ];
}
