/**
 * What the programs of a check come to, all together: how many run, and the oldest system for them.
 */
import type { Verdict } from '../../check/check-closure.js';
import { minimumFact } from '../../check/oldest-system.js';
import { mergedMinimum } from '../../check/symbols/minimum-versions.js';
import { count, type Style } from '../style.js';
import { isNamed } from '../trace/report.js';
import { USUAL_COLUMNS, wrapText } from '../wrapped-text.js';
import type { CheckReportInput } from './check-report.js';

/** `594 programs: 593 run, 1 with a warning`; nothing for one that starts others. */
export function countLine(input: CheckReportInput, style: Style): string[] {
  const programs = input.programs.filter(({ closure }) => isNamed(input, closure));
  if (programs.length === 1) return [];
  const libraries = programs.filter((p) => p.closure.program.kind === 'shared-library').length;
  const [one, verb, singular] =
    libraries === 0
      ? ['program', 'run', 'runs']
      : libraries < programs.length
        ? ['file', 'run or load', 'runs or loads']
        : ['library', 'load', 'loads'];
  const number = (verdict: Verdict) => programs.filter((p) => p.verdict === verdict).length;
  const [runs, warns, fails] = [number('runs'), number('warns'), number('fails')];
  const parts = [
    style.green(`${runs} ${runs === 1 ? singular : verb}`),
    ...(warns === 0
      ? []
      : [style.yellow(`${warns} with ${warns === 1 ? 'a warning' : 'warnings'}`)]),
    ...(fails === 0 ? [] : [style.red(`${fails} ${fails === 1 ? 'does' : 'do'} not`)]),
  ];
  const what = count(programs.length, one, one === 'library' ? 'libraries' : `${one}s`);
  return [`${style.bold(what)}: ${parts.join(', ')}`];
}

/** The versions that all programs together need; nothing where none needs one, and with --quiet. */
export function minimumLines(input: CheckReportInput, style: Style): string[] {
  const told = input.programs.filter(({ findings }) =>
    findings.some(({ code }) => code === 'MINIMUM_VERSIONS'),
  );
  const versions = told.flatMap(({ closure }) => input.minimumOf?.(closure) ?? []);
  const fact = minimumFact(mergedMinimum(versions));
  if (fact === undefined) return [];
  const text = `together they need ${fact.systems}${fact.releases}`;
  return wrapText(style.plain(text), {
    columns: input.columns ?? USUAL_COLUMNS,
    first: '',
    rest: '    ',
  });
}
