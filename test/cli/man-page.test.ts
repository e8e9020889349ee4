/**
 * The manual page has what the definitions have: every command, option, topic, exit code and variable.
 * What renders it is asked in test/differential/man-page.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../src/cli/command.js';
import { EXIT_CODES } from '../../src/cli/exit-code.js';
import { createProgram } from '../../src/cli/program.js';
import { needDetectors, reports } from '../../src/registry.js';
import { runCli } from '../support/cli-runner.js';

const { stdout: page } = await runCli(['help', 'man']);
/** Without roff's escapes. */
const text = page
  .replaceAll(/\\f[BIR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('\\(aq', "'")
  .replaceAll(/\s+/g, ' ');
const program = await createProgram(COMMAND_NAMES, {
  out() {},
  err() {},
  columns: () => undefined,
});

it('has the sections that people look for', () => {
  const sections = [...page.matchAll(/^\.SH "(.*)"$/gm)].map(([, title]) => title);
  expect(sections).toEqual([
    ...['NAME', 'SYNOPSIS', 'DESCRIPTION', 'COMMANDS', 'OPTIONS', 'RUN\\-TIME NEEDS', 'FORMATS'],
    ...['IMAGES', 'EXIT STATUS', 'FILES', 'ENVIRONMENT', 'EXAMPLES', 'SEE ALSO'],
  ]);
});

it('has every command and every option, with its text', () => {
  for (const command of program.commands)
    expect(page).toContain(`.TP\n\\fB${command.name()}\\fR\n`);
  let count = 0;
  for (const { options } of [program, ...program.commands])
    for (const { flags, description } of options) {
      count++;
      expect(text).toContain(`.TP ${flags.replace(/<(.*)>/, '$1')} `);
      // Its first letter may be a capital one.
      expect(text).toContain(description.slice(1).replaceAll(/\s+/g, ' '));
    }
  expect(count).toBeGreaterThan(100);
});

it('has every need, format and exit code', () => {
  for (const { kind } of needDetectors) expect(text).toContain(`.TP ${kind} `);
  for (const { name } of reports) expect(text).toContain(`.TP ${name} `);
  for (const [code] of EXIT_CODES) expect(text).toContain(`.TP ${code} `);
});

it('has every variable that the command line reads', () => {
  const directory = fileURLToPath(new URL('../../src/cli/', import.meta.url));
  const source = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(directory + path, 'utf8'))
    .join('\n');
  const read = [
    ...[...source.matchAll(/\b(?:env|variables)\.([A-Z_]{3,})/g)].map(([, name]) => name as string),
    ...[...source.matchAll(/\{ ([A-Z_, ]{3,}) \} = [\w.]*env\b/g)].flatMap(([, names = '']) =>
      names.split(', '),
    ),
  ];
  expect(new Set(read).size).toBeGreaterThan(5);
  const environment = text.slice(text.indexOf('.SH "ENVIRONMENT"'), text.indexOf('.SH "EXAMPLES"'));
  for (const name of read) expect(environment).toContain(name);
});

it('is what the package has', () => {
  const url = (path: string) => new URL(`../../${path}`, import.meta.url);
  const { man } = JSON.parse(readFileSync(url('package.json'), 'utf8'));
  expect(readFileSync(url(man), 'utf8')).toBe(page);
});
