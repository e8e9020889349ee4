/**
 * A finding for people: its code, the message, what a user would see there word for word, the
 * cause and the remedy.
 */
import type { Finding, FindingWords } from '../../finding.js';
import { addTo } from '../../root/multimap.js';
import { withPlainSymbols } from '../plain-symbols.js';
import type { Style } from '../style.js';
import { wrapText } from '../wrapped-text.js';

/**
 * The lines about findings, each of at most `columns` but for quoted messages. Several of one cause are told
 * together; what has a brief form is told by that unless `isFull`.
 */
export function allFindingLines(
  findings: readonly Finding[],
  style: Style,
  { columns, isFull }: { readonly columns: number; readonly isFull: boolean },
): string[] {
  const told = new Set<FindingWords>();
  const groups = new Map<string, Told[]>();
  for (const finding of findings) {
    const { severity, code, brief, together, consequences } = finding;
    if (together !== undefined && told.has(together)) continue;
    if (together !== undefined) told.add(together);
    // Nothing is seen of what comes after a refusal of the kernel.
    const seen = finding.seen === undefined ? undefined : (together ?? finding).seen;
    const words = { ...finding, ...together, seen, brief: isFull ? undefined : brief };
    const { cause, remedy } = words;
    addTo(groups, JSON.stringify([severity, code, cause, remedy, consequences]), words);
  }
  return [...groups.values()].flatMap((group) => findingLines(group, style, columns));
}

type Told = Omit<Finding, 'program' | 'path'>;

/** Findings of one cause and one remedy. */
function findingLines(group: readonly Told[], style: Style, columns: number): string[] {
  const [{ severity, code, cause, remedy, consequences = [], brief }] = group as [Told];
  if (brief !== undefined)
    return wrapText(style.plain(brief), { columns, first: '  ', rest: '    ' });
  const paint = { error: style.red, warning: style.yellow, note: style.dim }[severity];
  const paragraph = (text: string) =>
    wrapText(style.plain(withPlainSymbols(text)), { columns, first: '    ', rest: '      ' });
  return [
    `  ${paint(severity)} ${style.bold(code)}`,
    ...group.flatMap(({ message, seen }) => [
      ...paragraph(message),
      ...(seen?.split('\n') ?? []).map((line) => `      ${style.dim(`> ${line}`)}`),
    ]),
    ...paragraph(`cause: ${cause}`),
    ...consequences.flatMap((fact) => paragraph(`therefore: ${fact}`)),
    ...paragraph(`remedy: ${remedy}`),
  ];
}
