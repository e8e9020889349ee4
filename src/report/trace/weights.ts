/**
 * What makes a closure large: its largest files, and the libraries that bring most bytes along.
 */
import type { Closure } from '../../closure/closure.js';
import { type ClosureFile, closureFiles } from '../../closure/closure-files.js';
import { isAbsent, needGraph } from '../../closure/need-graph.js';
import { baseName } from '../../root/path-text.js';
import { count, formatBytes } from '../style.js';
import { commaList } from '../wrapped-text.js';
import { labelled, type Page } from './page.js';

/** How many are told. */
const MOST = 3;
/** A shorter table tells it by itself. */
const SHORT_TABLE = 8;

/** The largest files of all programs but the programs; nothing where there are few. */
export function largestLines(closures: readonly Closure[], page: Page): string[] {
  const files = new Map<string, ClosureFile>();
  for (const closure of closures)
    for (const file of closureFiles(closure))
      if (file.role !== 'program' && !files.has(file.entry.id)) files.set(file.entry.id, file);
  if (files.size <= SHORT_TABLE) return [];
  const largest = [...files.values()]
    .sort((a, b) => b.entry.size - a.entry.size)
    .slice(0, MOST)
    .map(({ path, entry }) => weight(page.style.plain(baseName(path)), entry.size));
  return labelled('largest', commaList(largest), page);
}

/** The needed libraries without which most bytes would go, others included. */
export function heaviestLines(closure: Closure, page: Page): string[] {
  if (closure.libraries.length <= SHORT_TABLE) return [];
  const graph = needGraph(closure);
  const heaviest = graph.nodes
    .filter(({ id, role }) => id !== 0 && !isAbsent(role) && graph.holderOf(id) === 0)
    .map((node) => ({ node, cost: graph.cost(node) }))
    .filter(({ cost }) => cost.files > 1)
    .sort((a, b) => b.cost.bytes - a.cost.bytes)
    .slice(0, MOST)
    .map(
      ({ node, cost }) =>
        `${weight(page.style.plain(baseName(node.name)), cost.bytes)} in ${count(cost.files, 'file')}`,
    );
  return heaviest.length === 0 ? [] : labelled('brings most', commaList(heaviest), page);
}

/** A name and its bytes, which stay in one line. */
function weight(name: string, bytes: number): string {
  return `${name} ${formatBytes(bytes)}`;
}
