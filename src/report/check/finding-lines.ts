/**
 * A finding for people: its code, the message, what a user would see there word for word, the
 * cause and the remedy.
 */
import type { Finding, FindingWords } from '../../finding.js';
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
  return findings.flatMap((finding) => {
    const { together, brief } = finding;
    if (brief !== undefined && !isFull)
      return wrapText(style.plain(brief), { columns, first: '  ', rest: '    ' });
    if (together === undefined) return findingLines(finding, style, columns);
    if (told.has(together)) return [];
    told.add(together);
    // Nothing is seen of what comes after a refusal of the kernel.
    const seen = finding.seen === undefined ? undefined : together.seen;
    return findingLines({ ...finding, ...together, seen }, style, columns);
  });
}

function findingLines(
  finding: Omit<Finding, 'program' | 'path'>,
  style: Style,
  columns: number,
): string[] {
  const { severity, code, message, seen, cause, remedy, consequences = [] } = finding;
  const paint = { error: style.red, warning: style.yellow, note: style.dim }[severity];
  const paragraph = (text: string) =>
    wrapText(style.plain(withPlainSymbols(text)), { columns, first: '    ', rest: '      ' });
  return [
    `  ${paint(severity)} ${style.bold(code)}`,
    ...paragraph(message),
    ...(seen?.split('\n') ?? []).map((line) => `      ${style.dim(`> ${line}`)}`),
    ...paragraph(`cause: ${cause}`),
    ...consequences.flatMap((fact) => paragraph(`therefore: ${fact}`)),
    ...paragraph(`remedy: ${remedy}`),
  ];
}
