/**
 * A finding for people: its code, the message, what a user would see there word for word, the
 * cause and the remedy.
 */
import type { Finding } from '../../finding.js';
import { withPlainSymbols } from '../plain-symbols.js';
import type { Style } from '../style.js';
import { wrapText } from '../wrapped-text.js';

/** Lines of at most `columns`, but for quoted messages. */
export function findingLines(
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
