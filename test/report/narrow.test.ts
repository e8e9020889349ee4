/**
 * Text reports on a terminal: what is cut, and what fits.
 */
import { expect, it } from 'vitest';
import type { RuntimeNeed } from '../../src/needs/need.js';
import type { ReportInput } from '../../src/report/trace/report.js';
import { text } from '../../src/report/trace/text.js';
import { whyText } from '../../src/report/why/text.js';
import { closureOf, glibcSystem, program, traceWorld } from '../support/world.js';

const NAMES = Array.from({ length: 40 }, (_, index) => `lib${index}.so`);
const world = {
  ...glibcSystem(36),
  ...Object.fromEntries(NAMES.map((name) => [`/l/${name}`, {}])),
  '/app/many': program({ needed: NAMES, runpath: '/l' }),
  '/app/lost': program({ needed: NAMES, runpath: '/gone' }),
  '/app/wide': program({ needed: ['プログラム.so'], runpath: '/' }),
  ...Object.fromEntries(NAMES.map((name) => [`/bin/${name}`, program({ needed: [] })])),
};

function linesOf(paths: readonly string[], more: Partial<ReportInput> = {}): string[] {
  const { closures } = traceWorld(world, paths);
  const names = new Map<string, string>();
  const input = { root: '/', closures, errors: [], names, verbose: false, color: false };
  return text
    .format({ ...input, ...more })
    .trimEnd()
    .split('\n');
}

const rows = (lines: readonly string[]) => lines.filter((line) => /^ +\d+ B {2}lib\d/.test(line));

it('a terminal shows twenty rows of many, and --all and a pipe show every one', () => {
  const cut = linesOf(['/app/many'], { columns: 80 });
  expect(rows(cut)).toHaveLength(20);
  expect(cut.at(-1)).toBe('    and 20 more (--all)');
  expect(rows(linesOf(['/app/many'], { columns: 80, all: true }))).toHaveLength(40);
  expect(rows(linesOf(['/app/many']))).toHaveLength(40);
});

it('the first line of why breaks between the name, the path and the size', () => {
  const path = `/opt/${'long/'.repeat(9)}libdeep.so`;
  const { closures } = traceWorld(
    {
      ...world,
      [path]: {},
      '/app/deep': program({ needed: ['libdeep.so'], runpath: path.replace(/\/[^/]*$/, '') }),
    },
    ['/app/deep'],
  );
  const head = (columns?: number) => {
    const input = { root: '/', closures, errors: [], names: new Map(), verbose: false };
    const page = whyText.format({ ...input, wanted: 'libdeep.so', color: false, columns });
    return page.slice(0, page.indexOf('  1 chain')).trimEnd();
  };
  expect(head()).toMatch(/^libdeep\.so {2}\/opt\S+ {2}\d.* k?B$/);
  expect(head(120)).toBe(head());
  expect(head(71)).toMatch(/^libdeep\.so\n {4}\/opt\S+ {2}\d+.*B$/);
  expect(head(60)).toMatch(/^libdeep\.so\n {4}\/opt\S+\n {4}\d+.*B$/);
});

it('the kinds of needs stand apart from their reasons', () => {
  const { closures } = traceWorld(world, ['/app/many']);
  const need = (kind: string): RuntimeNeed => ({
    ...{ kind, because: 'it asks', confidence: 'possible', program: '/app/many', files: [] },
    ...{ except: [], opens: [], starts: [], directories: [], generated: {} },
  });
  const needs = new Map([['/app/many', [need('gconv-all'), need('nss')]]]);
  const input = { root: '/', closures, errors: [], names: new Map(), verbose: false };
  const page = text.format({ ...input, color: false, needs });
  expect(page).toContain('    gconv-all  possible: it asks\n    nss        possible: it asks\n');
});

it('of many missing names, a terminal tells all about the first three', () => {
  const heads = (lines: readonly string[]) => lines.filter((line) => /^ {2}missing /.test(line));
  const cut = linesOf(['/app/lost'], { columns: 80 });
  expect(heads(cut)).toHaveLength(4);
  for (const name of NAMES) expect(cut.join(' ')).toContain(name);
  expect(heads(linesOf(['/app/lost']))).toHaveLength(40);
});

it('many complete programs are rows on a terminal, and shown in full elsewhere', () => {
  const paths = NAMES.map((name) => `/bin/${name}`);
  const cut = linesOf(paths, { columns: 60 });
  expect(cut[0]).toMatch(/^40 programs: all complete, 41 files, \d+ kB to copy$/);
  expect(cut).toHaveLength(23);
  expect(cut.at(-1)).toBe('    and 20 more (--all shows their libraries too)');
  expect(linesOf(paths).filter((line) => line.startsWith('/bin/'))).toHaveLength(40);
});

it('a command that is too long for its line is one command in several lines', () => {
  const path = '/opt/vendor/libexec/programs/long-name';
  const long = { ...glibcSystem(36), [path]: program() };
  const { closures } = traceWorld(long, [path]);
  const names = new Map<string, string>();
  const input = { root: '/', closures, errors: [], names, verbose: false, color: false };
  const report = text.format({
    ...input,
    columns: 60,
    options: ['--root', '/srv/images/the-first'],
  });
  const lines = report.split('\n');
  expect(lines.filter((line) => line.length > 60)).toEqual([]);
  const start = lines.indexOf('  next') + 1;
  expect(lines.slice(start, start + 3)).toEqual([
    '    elfdeps dockerfile --root /srv/images/the-first \\',
    `      ${path}`,
    '    # the COPY lines',
  ]);
});

it('the order of the table is what --sort says', () => {
  const sized = {
    ...glibcSystem(36),
    '/l/libb.so': { runpath: '/a/long/path/that/makes/the/file/larger' },
    '/l/liba.so': {},
    '/app/main': program({ needed: ['liba.so', 'libb.so'], runpath: '/l' }),
  };
  const closures = [closureOf(sized, '/app/main')];
  const order = (sort: ReportInput['sort']) =>
    linesOf([], { closures, sort })
      .map((line) => /lib[ab]/.exec(line)?.[0])
      .filter(Boolean);
  expect(order(undefined)).toEqual(['liba', 'libb']);
  expect(order('size')).toEqual(['libb', 'liba']);
  expect(order('name')).toEqual(['liba', 'libb']);
});

it('wide characters count twice', () => {
  const name = 'プ'.repeat(26);
  const names = new Map([['/app/many', name]]);
  const [first] = linesOf(['/app/many'], { columns: 60, names });
  expect(first).toBe(`${name}:`);
});

it('chains of why break between their steps', () => {
  const chain = Array.from({ length: 9 }, (_, index) => [
    `/l/libstep${index}.so`,
    { needed: index < 8 ? [`libstep${index + 1}.so`] : [], runpath: '/l' },
  ]);
  const deep = {
    ...glibcSystem(36),
    ...Object.fromEntries(chain),
    '/app/main': program({ needed: ['libstep0.so'], runpath: '/l' }),
  };
  const closures = [closureOf(deep, '/app/main')];
  const input = { root: '/', closures, errors: [], names: new Map<string, string>() };
  const common = { ...input, wanted: 'libstep8.so', verbose: false, color: false };
  const lines = whyText.format({ ...common, columns: 60 }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(lines).toContain('    /app/main > libstep0.so > libstep1.so > libstep2.so');
  expect(whyText.format(common)).toContain('> libstep7.so > libstep8.so\n');
});
