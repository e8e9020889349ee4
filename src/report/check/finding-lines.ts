/**
 * A finding for people: its code, the message, what a user would see there word for word, the
 * cause and the remedy.
 */
import type { Finding } from '../../finding.js';
import { addTo } from '../../root/multimap.js';
import { withPlainSymbols } from '../plain-symbols.js';
import type { Style } from '../style.js';
import { wrapText } from '../wrapped-text.js';
import { type FoundTogether, foundTogether } from './found-together.js';

/**
 * The lines about findings, each of at most `columns` but for quoted messages. Several of one cause are told
 * together; what has a brief form is told by that unless `isFull`.
 */
export function allFindingLines(
  findings: readonly Finding[],
  style: Style,
  { columns, isFull }: { readonly columns: number; readonly isFull: boolean },
): string[] {
  const groups = new Map<string, FoundTogether[]>();
  for (const finding of foundTogether(findings)) {
    const { severity, code, cause, remedy, consequences, brief } = finding;
    const words = { ...finding, brief: isFull ? undefined : brief };
    addTo(groups, JSON.stringify([severity, code, cause, remedy, consequences]), words);
  }
  return [...groups.values()].flatMap((group) => findingLines(group, style, columns));
}

/** Findings of one cause and one remedy. */
function findingLines(group: readonly FoundTogether[], style: Style, columns: number): string[] {
  const [{ severity, code, cause, remedy, consequences = [], brief }] = group as [FoundTogether];
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
