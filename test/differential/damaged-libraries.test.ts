/**
 * A needed library that is damaged, cut off or something else, under this machine's own loader: what
 * is printed, or the signal it dies of, must be what `elfdeps check` says before; and nothing that
 * the loader would come to later.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkTrace, directoryRoot, traceDependencies } from '../../src/index.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const requirements = [
  requirement('Linux', process.platform === 'linux'),
  requirement('4096-byte pages (an x86-64 machine)', process.arch === 'x64'),
  ...['gcc', 'musl-gcc'].map(command),
];

describeWith('damaged libraries', requirements, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'elfdeps-damaged-'));
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

  /** A program and its library, which has a version, linked by one compiler. */
  function make(compiler: string): string {
    const directory = join(base, compiler);
    if (fs.existsSync(directory)) return directory;
    fs.mkdirSync(directory);
    fs.writeFileSync(join(directory, 'd.c'), 'int d(void) { return 0; }\n');
    fs.writeFileSync(join(directory, 'd.map'), 'D_1 { global: d; local: *; };\n');
    fs.writeFileSync(join(directory, 'm.c'), 'int d(void);\nint main(void) { return d(); }\n');
    const lines = [
      '-shared -fPIC -Wl,-soname,libd.so -Wl,--version-script=d.map d.c -o whole.so',
      'm.c -Wl,--allow-shlib-undefined whole.so -Wl,-rpath,$ORIGIN -o main',
    ];
    for (const line of lines) {
      const { status, stderr } = spawnSync(compiler, line.split(' '), { cwd: directory });
      if (status !== 0) throw new Error(`${compiler} ${line}: ${stderr}`);
    }
    return directory;
  }

  function place(directory: string, what: number | string): void {
    const library = join(directory, 'libd.so');
    fs.rmSync(library, { recursive: true, force: true });
    if (what === 'directory') fs.mkdirSync(library);
    else if (typeof what === 'string') fs.writeFileSync(library, what);
    else fs.writeFileSync(library, fs.readFileSync(join(directory, 'whole.so')).subarray(0, what));
  }

  const cases = [
    ['nothing', 0],
    ['a half ELF header', 30],
    ['no program headers', 64],
    ['some program headers', 200],
    ['one page', 700],
    ['two pages', 9000],
    ['a directory', 'directory'],
    ['a text', `/* GNU ld script */ GROUP ( ${'x'.repeat(80)} )`],
    ['the whole file', 1 << 20],
  ] as const;

  it.each(cases)('%s, glibc', (_, what) => {
    const directory = make('gcc');
    place(directory, what);
    expect(codes(directory)).toEqual(realCodes(directory, /error while loading shared libraries/));
  });

  it.each(cases.filter(([, what]) => typeof what === 'number' && what >= 700))(
    '%s, musl',
    (_, what) => {
      const directory = make('musl-gcc');
      place(directory, what);
      expect(codes(directory)).toEqual(realCodes(directory, /Error loading shared library/));
    },
  );

  /** The errors that are found; each `seen` must be what the program printed or died of. */
  function codes(directory: string): string[] {
    const program = join(directory, 'main');
    const [checked] = checkTrace(traceDependencies(directoryRoot('/'), [program]));
    const errors = (checked?.findings ?? []).filter(({ severity }) => severity === 'error');
    const { stderr, signal } = spawnSync(program, { encoding: 'utf8' });
    for (const { seen } of errors)
      expect(signal === 'SIGBUS' ? 'Bus error (core dumped)' : stderr.trim()).toBe(seen);
    return errors.map(({ code }) => code);
  }

  function realCodes(directory: string, refusal: RegExp): string[] {
    const { status, stderr, signal } = spawnSync(join(directory, 'main'), { encoding: 'utf8' });
    if (signal === 'SIGBUS') return ['FILE_TRUNCATED'];
    if (refusal.test(stderr)) return ['LOADER_GIVES_UP'];
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return [];
  }
});
