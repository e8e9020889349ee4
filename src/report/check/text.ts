/**
 * `elfdeps check --format text`: a verdict for each program, then every finding with the message
 * that its user would see, the cause and the remedy. Lines of 80 columns but for quoted messages.
 */
import type { CheckedClosure, Verdict } from '../../check/check-closure.js';
import { printable } from '../../errors.js';
import type { Finding } from '../../finding.js';
import { count, type Style, styleFor } from '../style.js';
import type { CheckReport, CheckReportInput } from './check-report.js';

export const checkText: CheckReport = {
  name: 'text',
  summary: 'a verdict and every finding, for people (default)',
  format(input) {
    const style = styleFor(input.color);
    const parts = input.programs.map((program) => programLines(program, input, style).join('\n'));
    return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
  },
};

function programLines(
  { closure, verdict, findings }: CheckedClosure,
  input: CheckReportInput,
  style: Style,
): string[] {
  const name = input.names.get(closure.program.path) ?? closure.program.path;
  return [
    `${style.bold(name)}: ${verdictText(verdict, findings, closure.program.kind, style)}`,
    ...findings.flatMap((finding) => findingLines(finding, style)),
  ];
}

function verdictText(
  verdict: Verdict,
  findings: readonly Finding[],
  kind: string,
  style: Style,
): string {
  const [does, doesNot] =
    kind === 'shared-library' ? ['loads', 'does not load'] : ['runs', 'does not run'];
  if (verdict === 'fails') return style.red(doesNot);
  if (verdict === 'runs') return style.green(does);
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return style.yellow(
    `${does}, but there ${warnings === 1 ? 'is' : 'are'} ${count(warnings, 'warning')}`,
  );
}

function findingLines(finding: Finding, style: Style): string[] {
  const { severity, code, message, seen, cause, remedy, consequences = [] } = finding;
  const paint = { error: style.red, warning: style.yellow, note: style.dim }[severity];
  return [
    `  ${paint(severity)} ${style.bold(code)}`,
    ...wrapped(message, '    '),
    ...(seen?.split('\n') ?? []).map((line) => `      ${style.dim(`> ${line}`)}`),
    ...wrapped(`cause: ${cause}`, '    '),
    ...consequences.flatMap((fact) => wrapped(`therefore: ${fact}`, '    ')),
    ...wrapped(`remedy: ${remedy}`, '    '),
  ];
}

const COLUMNS = 80;

/** Breaks at spaces; a word that is longer than a line stands alone on one. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > COLUMNS) {
      lines.push(indent + line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}
