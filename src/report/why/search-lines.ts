/**
 * How a library was found, or where it was looked for, in lines for people.
 */
import { isAbsent, type NeedNode } from '../../closure/need-graph.js';
import { directoryOf } from '../../root/path-text.js';
import { count, type Style } from '../style.js';
import { RULE_WORDS } from '../trace/library-place.js';
import { triedLines } from '../tried-lines.js';
import type { WhyInput } from './why-report.js';

/** How it was found, with the candidates where it was not, and with --verbose. */
export function searchLines(
  { role, rows, name }: NeedNode,
  input: WhyInput,
  style: Style,
): string[] {
  if (rows.length === 0)
    return isAbsent(role) ? ['  the file itself names its path'] : ['  found by its path'];
  return rows.flatMap((row) => {
    const isShown = input.verbose || row.object === undefined;
    const others = row.tried.length - 1;
    const after =
      isShown || others < 1
        ? ''
        : ` ${style.dim(`after ${count(others, 'other path')} (--verbose lists ${others === 1 ? 'it' : 'them'})`)}`;
    const how = row.object === undefined ? unfoundWord(row) : foundBy(row);
    const start = row.name === name && rows.length === 1 ? '' : `${row.name}: `;
    return [
      `  ${style.plain(start + how)}${after}`,
      ...(isShown ? triedLines(row.tried, style) : []),
    ];
  });
}

function unfoundWord({ status }: NeedNode['rows'][number]): string {
  return status === 'excluded' ? 'excluded, so something else has to provide it' : 'looked for';
}

/** `found from the cache, in /usr/lib`. */
function foundBy({ rule, object, tried }: NeedNode['rows'][number]): string {
  const from = tried.at(-1)?.from;
  const path = object?.path ?? '';
  const place = path.includes('/') ? `, in ${directoryOf(path)}` : '';
  const how =
    rule === undefined
      ? ''
      : ` ${from === undefined ? RULE_WORDS[rule] : `by the ${rule} of ${from}`}`;
  return `found:${how}${place}`;
}
