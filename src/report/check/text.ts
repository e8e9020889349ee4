/**
 * `elfdeps check --format text`. Of one program: the verdict, then every finding. Of several: those that
 * do not run or have warnings first, then a line for each that runs, and what all of them come to.
 */
import type { CheckedClosure } from '../../check/check-closure.js';
import type { Finding } from '../../finding.js';
import { cutList } from '../cut-list.js';
import { count, type Style, styleFor } from '../style.js';
import { USUAL_COLUMNS } from '../wrapped-text.js';
import type { CheckReport, CheckReportInput } from './check-report.js';
import { allFindingLines } from './finding-lines.js';
import { countLine, minimumLines } from './overview.js';
import { verdictFacts } from './verdict-facts.js';

export const checkText: CheckReport = {
  name: 'text',
  options: ['all'],
  summary: 'a verdict and every finding, for people (default)',
  format(input) {
    const { programs } = input;
    const style = styleFor(input.color);
    if (programs.length === 0) return '';
    const parts =
      programs.length === 1
        ? programs.map((program) => programLines(program, program.findings, input, style))
        : manyParts(input, style);
    return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
  },
};

function manyParts(input: CheckReportInput, style: Style): string[][] {
  const { programs, verbose = false } = input;
  const bad = (['fails', 'warns'] as const).flatMap((verdict) =>
    programs.filter((program) => program.verdict === verdict),
  );
  const good = programs.filter(({ verdict }) => verdict === 'runs');
  const blocks = [...bad, ...(verbose ? good : [])].map((program) => {
    const findings = verbose ? program.findings : program.findings.filter(isOwn);
    return programLines(program, findings, input, style);
  });
  return [
    ...blocks,
    ...(good.length === 0 || verbose ? [] : [goodLines(good, input, style)]),
    [...(verbose ? [] : minimumLines(input, style)), ...countLine(input, style)],
  ].filter((lines) => lines.length > 0);
}

/** Whether a finding is printed with its program: the oldest system is printed once for all of them. */
function isOwn({ code }: Finding): boolean {
  return code !== 'MINIMUM_VERSIONS';
}

/** A line for each program that runs, with the codes of its notes. */
function goodLines(
  programs: readonly CheckedClosure[],
  input: CheckReportInput,
  style: Style,
): string[] {
  const { shown, more } = cutList(programs, input.columns !== undefined && !input.all);
  const hasNotes = shown.some(({ findings }) => findings.some(isOwn));
  return [
    ...shown.map((program) => {
      const codes = [...new Set(program.findings.filter(isOwn).map(({ code }) => code))];
      const notes = codes.length === 0 ? '' : `  ${style.dim(codes.join(' '))}`;
      return verdictLine(program, input, style) + notes;
    }),
    ...(more === 0 ? [] : [style.dim(`and ${more} more (--all)`)]),
    ...(hasNotes ? [style.dim('(--verbose shows the notes)')] : []),
  ];
}

function programLines(
  program: CheckedClosure,
  findings: readonly Finding[],
  input: CheckReportInput,
  style: Style,
): string[] {
  const columns = input.columns ?? USUAL_COLUMNS;
  return [
    verdictLine(program, input, style),
    ...allFindingLines(findings, style, { columns, isFull: input.verbose ?? false }),
  ];
}

function verdictLine(checked: CheckedClosure, input: CheckReportInput, style: Style): string {
  const { closure } = checked;
  const name = input.names.get(closure.program.path) ?? closure.program.path;
  return `${style.bold(name)}: ${verdictText(checked, style)}`;
}

function verdictText(checked: CheckedClosure, style: Style): string {
  const { does, warnings } = verdictFacts(checked);
  if (checked.verdict === 'fails') return style.red(does);
  if (checked.verdict === 'runs') return style.green(does);
  return style.yellow(
    `${does}, but there ${warnings === 1 ? 'is' : 'are'} ${count(warnings, 'warning')}`,
  );
}
