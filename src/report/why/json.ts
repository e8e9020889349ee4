/**
 * `elfdeps why --format json`: schema `elfdeps-why/1`, one document.
 */

import type { Closure } from '../../closure/closure.js';
import { findNeeded, similarNames } from '../../closure/find-needed.js';
import { needChains } from '../../closure/need-chains.js';
import { isAbsent, type NeedGraph, type NeedNode, needGraph } from '../../closure/need-graph.js';
import { jsonText } from '../json-text.js';
import { errorObject } from '../trace/json.js';
import {
  ALL_CHAINS,
  missReasons,
  SHOWN_CHAINS,
  type WhyInput,
  type WhyReport,
} from './why-report.js';

export const whyJson: WhyReport = {
  name: 'json',
  summary: 'schema elfdeps-why/1',
  format({ root, closures, errors, wanted, verbose, reasonOf, needs }) {
    const document = {
      schema: 'elfdeps-why/1',
      root,
      wanted,
      programs: closures.map((closure) => programObject(closure, { wanted, verbose, reasonOf })),
      needs: needs?.map(({ kind, program, because }) => ({ kind, program, because })),
      errors: errors.map(errorObject),
    };
    return `${jsonText(document)}\n`;
  },
};

function programObject(
  closure: Closure,
  { wanted, verbose, reasonOf }: Pick<WhyInput, 'wanted' | 'verbose' | 'reasonOf'>,
) {
  const graph = needGraph(closure);
  const nodes = findNeeded(graph, wanted);
  return {
    path: closure.program.path,
    realPath: closure.program.realPath,
    libraries: nodes.map((node) => ({
      ...libraryObject(graph, node, verbose),
      reasons:
        node.role === 'missing' && reasonOf ? missReasons(closure, node, { reasonOf }) : undefined,
    })),
    similar: nodes.length > 0 ? undefined : similarNames(graph, wanted),
  };
}

function libraryObject(graph: NeedGraph, node: NeedNode, verbose: boolean) {
  const { chains, total, moreThan } = needChains(graph, node, verbose ? ALL_CHAINS : SHOWN_CHAINS);
  return {
    name: node.name,
    soname: node.soname ?? null,
    path: node.path ?? null,
    realPath: node.realPath ?? null,
    size: isAbsent(node.role) ? null : node.size,
    status: isAbsent(node.role) ? node.role : 'found',
    chainCount: total ?? null,
    chainsMoreThan: moreThan,
    chains: chains.map((chain) =>
      chain.map(({ from, kind, needed }) => ({ from: from.path ?? from.name, kind, needed })),
    ),
    saved: graph.cost(node),
    needs: (graph.needersOf[node.id] ?? []).map((need) => ({
      from: need.from.path ?? need.from.name,
      kind: need.kind,
      needed: need.needed,
      saved: graph.costOfNeed(need),
    })),
    searches: node.rows.map(({ name, rule, tried }) => ({ name, rule: rule ?? null, tried })),
  };
}
