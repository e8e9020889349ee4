/**
 * Which needs count: those that are sure, with and without what the user names.
 */
import { expect, it } from 'vitest';
import {
  type Confidence,
  memoryRoot,
  type NeedChoice,
  type RuntimeNeed,
  traceDependencies,
  traceRuntimeNeeds,
  UsageError,
} from '../../src/index.js';
import { chooseNeeds, opensOf } from '../../src/needs/detect-needs.js';
import type { NeedDetector } from '../../src/needs/need.js';
import { traceNeeds } from '../../src/needs/trace-needs.js';
import { needDetectors } from '../../src/registry.js';
import { glibcSystem, memoryWorld, program, traceWorld } from '../support/world.js';
import { glibcWith } from './need-worlds.js';

const need = (kind: string, confidence: Confidence, opens: string[] = []): RuntimeNeed => ({
  kind,
  program: '/bin/app',
  because: 'a test',
  confidence,
  files: [],
  except: [],
  opens: opens.map((name) => ({ name })),
  starts: [],
  directories: [],
  generated: {},
});
const found = [need('nss', 'sure'), need('shell', 'likely'), need('idn', 'possible')];

it.each<[string, NeedChoice, string[]]>([
  ['what is sure, unasked', {}, ['nss']],
  ['what is named, however likely', { with: ['idn'] }, ['nss', 'idn']],
  ['a kind that nothing speaks for is no error', { with: ['tz'] }, ['nss']],
  ['all', { with: ['all'] }, ['nss', 'shell', 'idn']],
  ['without one that is sure', { without: ['nss'] }, []],
  ['nothing at all', { without: ['all'] }, []],
  ['only what is named', { with: ['shell'], without: ['all'] }, ['shell']],
  ['all but one', { with: ['all'], without: ['shell'] }, ['nss', 'idn']],
  ['a name wins over its refusal', { with: ['nss'], without: ['nss'] }, ['nss']],
])('%s', (_rule, choice, kinds) => {
  expect(chooseNeeds(found, choice, needDetectors).map(({ kind }) => kind)).toEqual(kinds);
});

it('brings what is only possible of a kind where nothing of it is likely, or for all', () => {
  const [likely, possible] = [need('data', 'likely'), need('data', 'possible')];
  const chosen = (needs: RuntimeNeed[], ...asked: string[]) =>
    chooseNeeds(needs, { with: asked }, needDetectors);
  expect(chosen([likely, possible], 'data')).toEqual([likely]);
  expect(chosen([likely, possible], 'data=all')).toEqual([likely, possible]);
  expect(chosen([likely, possible], 'all')).toEqual([likely, possible]);
  expect(chosen([possible], 'data')).toEqual([possible]);
});

it('knows the values of a kind', () => {
  const fonts = need('fonts', 'likely');
  const chosen = (...asked: string[]) => chooseNeeds([fonts], { with: asked }, needDetectors);
  expect(chosen('fonts=all')).toEqual([fonts]);
  expect(chosen('fonts')).toEqual([fonts]);
  expect(chosen('nss')).toEqual([]);
});

it.each([
  { with: ['ns'] },
  { with: ['fonts=some'] },
  { with: ['nss=all'] },
  { without: ['nss', ''] },
  { without: ['fonts=all'] },
])('refuses an unknown kind: %j', (choice) => {
  expect(() => chooseNeeds(found, choice, needDetectors)).toThrow(UsageError);
  expect(() => chooseNeeds(found, choice, needDetectors)).toThrow(/no need is called/);
});

it('gathers what the needs of each program open', () => {
  const other = { ...need('pam', 'sure', ['/c.so']), program: '/bin/other' };
  const needs = [need('nss', 'sure', ['a.so']), other, need('idn', 'possible', ['b.so'])];
  const root = memoryRoot(memoryWorld({ '/bin/app': program({ dynamic: false }) }));
  const trace = traceDependencies(root, ['/bin/app']);
  expect([...opensOf([...needs, need('tmp', 'sure')], trace)]).toEqual([
    [
      '/bin/app',
      [
        { name: 'a.so', need: 'nss' },
        { name: 'b.so', need: 'idn' },
      ],
    ],
    ['/bin/other', [{ name: '/c.so', need: 'pam' }]],
  ]);
});

it('opens with the interpreter what a script opens', () => {
  const script = '#!/usr/bin/env lua\n';
  const root = memoryRoot(
    memoryWorld({
      ...glibcSystem(36),
      '/bin/app': { bytes: Buffer.from(script) },
      '/usr/bin/env': program({ needed: ['libc.so.6'] }),
      '/usr/bin/lua': program({ needed: ['libc.so.6'] }),
    }),
  );
  const trace = traceDependencies(root, ['/bin/app']);
  expect([...opensOf([need('data', 'sure', ['/usr/lib/app/a.so'])], trace).keys()]).toEqual([
    '/usr/bin/lua',
  ]);
});

it('leaves what a refused kind would give out of the other kinds', () => {
  const root = memoryRoot(
    memoryWorld({
      '/bin/app': program({ dynamic: false }),
      '/etc/app/bundle[1].pem': 'certificates',
      '/etc/app/main.conf': '',
      '/etc/bundle': { link: 'app/bundle[1].pem' },
    }),
  );
  const detector = (kind: string, ...files: string[]): NeedDetector => ({
    kind,
    summary: kind,
    documentation: { evidence: kind, added: kind, confidence: ['sure'] },
    detect: () => ({ because: kind, files }),
  });
  const detectors = [
    detector('certs', '/etc/bundle'),
    detector('config', '/etc/app/main.conf', '/etc/app/bundle[1].pem'),
    detector('data', '/etc/app'),
  ];
  const filesWith = (choice: NeedChoice) =>
    traceNeeds(traceDependencies(root, ['/bin/app']), choice, detectors).chosen.map(
      ({ kind, files }) => [kind, ...files],
    );
  const without = ['certs'];
  expect(filesWith({ without })).toEqual([
    ['config', '/etc/app/main.conf'],
    ['data', '/etc/app/main.conf'],
  ]);
  // Of two kinds that name a path, the one that counts gives it unless the other is refused by name.
  const all = [
    ['certs', '/etc/bundle'],
    ['config', '/etc/app/main.conf', '/etc/app/bundle[1].pem'],
    ['data', '/etc/app'],
  ];
  expect(filesWith({ with: ['certs'], without })).toEqual(all);
  expect(filesWith({ with: ['config'], without: ['all'] })).toEqual([all[1]]);
});

it('asks again about a program only when it opens more or runs another script', () => {
  const root = memoryRoot(
    memoryWorld({
      ...glibcSystem(36),
      '/bin/app': program({ needed: ['libc.so.6'] }),
      '/bin/first': program({ needed: ['libc.so.6'] }),
      '/bin/second': { bytes: Buffer.from('#!/bin/first\n') },
    }),
  );
  const next = new Map([
    ['/bin/app', '/bin/first'],
    ['/bin/first', '/bin/second'],
  ]);
  const asked: string[] = [];
  const detector: NeedDetector = {
    kind: 'commands',
    summary: 'commands',
    documentation: { evidence: 'a test', added: 'commands', confidence: ['sure'] },
    detect({ closure, scripts }) {
      const { path } = closure.program;
      asked.push([path, ...scripts].join(' '));
      const starts = next.get(path);
      return starts === undefined ? undefined : { because: 'a test', starts: [starts] };
    },
  };
  traceNeeds(traceDependencies(root, ['/bin/app']), {}, [detector]);
  expect(asked).toEqual(['/bin/app', '/bin/first', '/bin/first /bin/second', '/bin/second']);
});

it('says once what is wrong, however often it is traced', () => {
  const root = memoryRoot(
    memoryWorld({
      '/app/run': { bytes: new TextEncoder().encode('#!/opt/interp\n'), mode: 0o755 },
      '/opt/interp': { directory: true, mode: 0o755 },
      '/bin/tool': program({ dynamic: false }),
    }),
  );
  const first = traceDependencies(root, ['/app/run', '/gone']);
  const { trace } = traceRuntimeNeeds(first, { include: ['/bin/tool'] });
  expect(trace.closures.map((closure) => closure.program.path)).toEqual(['/app/run', '/bin/tool']);
  const paths = trace.errors.map(({ path }) => path);
  expect(paths).toEqual(['/opt/interp', '/gone']);
});

it('included files are opened or started by their kind, whatever their names', () => {
  const first = traceWorld({
    ...glibcWith(36),
    '/app/main': program(),
    '/opt/plugin': { soname: 'plugin' },
    '/opt/plugins/no-ending': {},
    '/opt/tool.so': program(),
  });
  const include = ['/opt/plugin', '/opt/plugins', '/opt/tool.so'];
  const { trace, chosen } = traceRuntimeNeeds(first, { include, without: ['all'] });
  expect(chosen).toMatchObject([
    {
      opens: [{ name: '/opt/plugin', required: true }, { name: '/opt/plugins/no-ending' }],
      starts: ['/opt/tool.so'],
    },
  ]);
  expect(trace.closures.map(({ program: { path } }) => path)).toEqual([
    '/app/main',
    '/opt/tool.so',
  ]);
});

it('an included shell script brings its commands, whether or not the kernel could start it', () => {
  const text = new TextEncoder().encode('x=$(/bin/one)\nexec /bin/two "$x"\n');
  const first = traceWorld({
    ...glibcWith(36),
    '/app/main': program(),
    '/bin/one': program(),
    '/bin/two': program(),
    '/app/run.sh': { bytes: text, mode: 0o644 },
    '/app/data.txt': { bytes: text, mode: 0o644 },
  });
  const startedBy = (path: string) =>
    traceRuntimeNeeds(first, { include: [path], without: ['all'] }).chosen.flatMap(
      ({ starts }) => starts,
    );
  expect(startedBy('/app/run.sh')).toEqual(['/bin/two', '/bin/one']);
  expect(startedBy('/app/data.txt')).toEqual([]);
});
