/**
 * What people try that elfdeps calls otherwise: the answer names what was meant, exits with 2 and prints
 * nothing on standard output. What is not close to anything gets no suggestion.
 */
import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../src/cli/command.js';
import { OPTION_GUESSES } from '../../src/cli/guesses.js';
import { createProgram } from '../../src/cli/program.js';
import { optionQuestion } from '../../src/cli/suggestion.js';
import { ET_EXEC } from '../../src/elf/constants.js';
import { reports } from '../../src/registry.js';
import { runCli } from '../support/cli-runner.js';
import { diskWorld, removeDiskWorldsAfterwards } from '../support/disk-world.js';
import { glibcSystem, program } from '../support/world.js';

removeDiskWorldsAfterwards();

const world = diskWorld({
  '/x': { type: ET_EXEC, dynamic: false },
  '/bin/ldd': { type: ET_EXEC, dynamic: false },
});
const run = (line: string, env = {}) => runCli(line.split(' '), { cwd: world, env });

/** The last line of standard error, and nothing on standard output for what could not run. */
async function answer(line: string): Promise<string> {
  const { code, stderr } = await run(line);
  expect(code).toBe(2);
  return stderr.split('\n').at(-2) ?? '';
}

describe('a first word that is no command', () => {
  it.each([
    ['tree x', 'elfdeps -f tree FILE'],
    ['ldd x', 'elfdeps -f ldd FILE'],
    ['list x', 'elfdeps -f list FILE'],
    ['json x', 'elfdeps -f json FILE'],
    ['graph x', 'elfdeps -f dot FILE'],
    ['docker x', 'the command dockerfile'],
    ['dokcerfile x', 'the command dockerfile'],
    ['containerfile x', 'elfdeps dockerfile FILE'],
    ['scan x', 'elfdeps check FILE'],
    ['verify x', 'elfdeps check FILE'],
    ['explain x libc.so.6', 'elfdeps why FILE LIBRARY'],
    ['bundle x', 'elfdeps copy FILE --to DIR'],
    ['export x', 'elfdeps copy FILE --to DIR'],
    ['minify x', 'elfdeps slim IMAGE'],
    ['version', 'elfdeps --version'],
    ['man', 'elfdeps help man'],
    ['images', 'elfdeps help images'],
    ['root', 'elfdeps help roots'],
    ['exit-codes', 'elfdeps help exit-codes'],
    ['completions x', 'elfdeps completion'],
    ['cpoy x', 'the command copy'],
    ['cpoy x --to y', 'the command copy'],
    ['chekc x', 'the command check'],
    ['imag x', 'the command image'],
    ['inspect x', 'elfdeps FILE'],
  ])('%s', async (line, meant) => {
    expect(await answer(line)).toBe(`  did you mean ${meant}?`);
  });

  it('is a program of PATH, with a note, if there is one', async () => {
    const { code, stdout, stderr } = await run('ldd ./x -f list', { PATH: `${world}/bin` });
    expect([code, stdout]).toEqual([0, `${world}/bin/ldd\n${world}/x\n`]);
    expect(stderr).toBe(
      `elfdeps: note: ldd is the program ${world}/bin/ldd here; did you mean elfdeps -f ldd FILE?\n`,
    );
    expect((await run('ldd ./x -f list -q', { PATH: `${world}/bin` })).stderr).toBe('');
    expect((await run('ldd -f list', { PATH: `${world}/bin` })).stderr).toBe('');
  });

  it('is a directory, with a note, if there is one', async () => {
    const place = diskWorld({ '/x': '', '/tree/x': program() });
    const told = async (...words: string[]) => (await runCli(words, { cwd: place })).stderr;
    expect(await told('tree', `${world}/x`)).toBe(
      'elfdeps: note: tree is the directory ./tree here; did you mean elfdeps -f tree FILE?\n',
    );
    expect(await told('tree')).toBe('');
    expect(await told('./tree', `${world}/x`)).toBe('');
  });

  it('is told where the command comes too late', async () => {
    expect(await answer('x dockerfile')).toBe('  the command comes first: elfdeps dockerfile x');
  });

  it.each(['foo x', 'lx x', 'cat5 x', 'libnone.so.9 x', './tree x'])(
    '%s: no suggestion',
    async (line) => {
      expect(await answer(line)).toBe(`elfdeps: ${line.split(' ')[0]}: no such file or directory`);
    },
  );
});

describe('a misspelt file', () => {
  const place = diskWorld({
    ...{ '/hello': '', '/sub/hello world': '', '/bin/frobnicate': '', '/bin/touch': '' },
  });
  const answerOf = async (...words: string[]) => {
    const options = { cwd: place, env: { PATH: `/nowhere:${place}/bin` } };
    const { code, stderr } = await runCli(words, options);
    expect(code).toBe(2);
    return stderr.split('\n').at(-2);
  };

  it.each([
    ['./helo', './hello'],
    ['hlelo', 'hello'],
    ['sub/hello-world', "'sub/hello world'"],
    [`${place}/hallo`, `${place}/hello`],
    ['frobnicat', 'frobnicate'],
    ['./he', './hello'],
    ['frob', 'frobnicate'],
  ])('%s', async (word, meant) => {
    expect(await answerOf(word)).toBe(`  did you mean ${meant}?`);
  });

  it.each(['./frobnicat', 'nothing-like-it', 'nosuch'])('%s: no suggestion', async (word) => {
    expect(await answerOf(word)).toBe(`elfdeps: ${word}: no such file or directory`);
  });

  it.each([
    ['check'],
    ['dockerfile'],
    ['copy', '--to', 'out'],
    ['tar'],
    ['image', '-o', 'image.tar'],
    ['check', '--image'],
  ])('%s', async (...words) => {
    expect(await answerOf(...words, './helo')).toBe('  did you mean ./hello?');
  });

  it('of why', async () => {
    expect(await answerOf('why', './helo', 'libc.so.6')).toBe('  did you mean ./hello?');
  });

  it('is looked for in the root, and not on this machine', async () => {
    expect(await answerOf('--root', place, '/helo')).toBe('  did you mean /hello?');
    expect(await answerOf('--root', place, '/sub/helo')).not.toContain('did you mean');
    const root = diskWorld({ '/usr/bin/worker': '' });
    expect(await answerOf('check', '--root', root, 'wroker')).toBe('  did you mean worker?');
    expect(await answerOf('check', '--root', root, 'frobnicat')).not.toContain('did you mean');
    expect(await answerOf('check', '--root', root, './helo')).toBe('  did you mean ./hello?');
  });
});

describe('what is no option or no file', () => {
  const last = async (...words: string[]) => (await runCli(words)).stderr.split('\n').at(-2);

  it('may be for the program', async () => {
    const hint = '  elfdeps runs nothing: name the file of the program, without its arguments';
    expect(await last('ls', '-la')).toBe(hint);
    expect(await last('x', '-l')).toBe('  did you mean --format list?');
  });

  it.each([
    ['copy', '--to'],
    ['image', '-o'],
  ])('may be the output of %s', async (command, option) => {
    expect(await last(command, 'a', 'b', 'c d')).toBe(
      `  c d is taken as one more file; did you mean elfdeps ${command} a b ${option} 'c d'?`,
    );
    expect(await last(command, 'a')).toMatch(/^ {2}for example: /);
    expect(await last(command, 'a', 'b', '--force')).toMatch(/^ {2}for example: /);
  });
});

describe('a misspelt root', () => {
  const place = diskWorld({ '/rootfs/a': '', '/image.tar': '' });
  const answerOf = async (...words: string[]) =>
    (await runCli(words, { cwd: place })).stderr.split('\n').at(-2);

  it.each([
    [['--root', `${place}/rootsf`, '/a'], `${place}/rootfs`],
    [['slim', `${place}/imag.tar`, '--dry-run'], `${place}/image.tar`],
  ])('%j', async (words, meant) => {
    expect(await answerOf(...words)).toBe(`  did you mean ${meant}?`);
  });

  it('without one of a similar name', async () => {
    expect(await answerOf('--root', `${place}/none`, '/a')).not.toContain('did you mean');
  });
});

describe('an option that the command does not have', () => {
  it.each([
    ['x --json', '-f json'],
    ['x --jsn', '-f json'],
    ['x --mermiad', '-f mermaid'],
    ['--tree x', '-f tree'],
    ['check x --sarif', '-f sarif'],
    ['x -d', 'elfdeps check FILE'],
    ['x -r', 'elfdeps check FILE'],
    ['x -u', 'elfdeps check FILE'],
    ['--image x', '--root IMAGE, or the command image'],
    ['x --sysroot /', '--root'],
    ['x --sysroot=/', '--root'],
    ['--prefix / x', '--root'],
    ['x --rooot /', '--root'],
    ['-R / x', '--root'],
    ['x --librarypath /', '--library-path'],
    ['x --ld-library-path /', '--library-path'],
    ['x --max-depth 2', '--depth'],
    ['x --silent', '--quiet'],
    ['x --ignore libz.so.1', '--exclude'],
    ['x --al-edges', '--all-edges'],
    ['copy x --out y', '--to'],
    ['copy x -o y', '--to'],
    ['copy x --output y', '--to'],
    ['copy x --dest y', '--to'],
    ['tar x --outfile y', '--output'],
    ['image x -o y --name z', '--tag'],
    ['image x -o y --oci', '--layout oci'],
    ['dockerfile x --stage build', '--from'],
    ['dockerfile x --platform linux/arm64', '--platform-root'],
    ['dockerfile x --json', 'elfdeps -f json FILE'],
    ['check x --werror', '--strict'],
    ['x --chek', 'the command check'],
  ])('%s', async (line, meant) => {
    expect(await answer(line)).toBe(`  did you mean ${meant}?`);
  });

  it.each([
    ['x --strict', 'check'],
    ['x --without tz', 'dockerfile, copy, tar, image, slim, check'],
    ['dockerfile x --to y', 'copy'],
    ['copy x --to y --all-edges', 'the report'],
  ])('%s belongs to another command', async (line, owner) => {
    const flag = line.split(' ').findLast((word) => word.startsWith('--'));
    expect(await answer(line)).toBe(`  ${flag} is an option of ${owner}`);
  });

  it.each([
    ['--with locale dockerfile x', 'dockerfile --with locale x'],
    ['--with=locale copy x --to y', 'copy --with=locale x --to y'],
    ['-q --strict check x', 'check -q --strict x'],
    ['--to y copy -- x', 'copy --to y -- x'],
  ])('%s stands before the command', async (line, right) => {
    const flag = line.match(/--\w+/)?.[0];
    expect(await answer(line)).toBe(`  ${flag} stands after the command: elfdeps ${right}`);
  });

  it.each(['x --bogus', 'x -Q', 'copy x --to y --quux', 'slim x.tar --root y'])(
    '%s: no suggestion',
    async (line) => {
      expect(await answer(line)).toMatch(/^elfdeps: unknown option '/);
    },
  );

  it('takes the words behind -- for files', async () => {
    expect(await answer('--bogus -- --json')).toBe("elfdeps: unknown option '--bogus'");
  });
});

describe('a format that the command does not have', () => {
  it.each([
    ['x --format=dockerfile', 'dockerfile is a command: elfdeps dockerfile --help;'],
    ['x -f sarif', 'sarif is a format of check;'],
    ['x -f tee', 'did you mean tree?'],
    ['x -f svg', 'did you mean elfdeps -f dot FILE | dot -Tsvg?'],
    ['check x -f sarfi', 'did you mean sarif?'],
    ['check x -f html', 'html is a format of the report;'],
    ['why x libc.so.6 -f xml', ''],
  ])('%s', async (line, question) => {
    const prefix = question === '' ? '' : `${question} `;
    expect((await answer(line)).startsWith(`  ${prefix}known: text, `)).toBe(true);
  });
});

describe('what is missing', () => {
  it.each([
    ['copy x', '  for example: elfdeps copy ./hello --to out'],
    ['image x', '  for example: elfdeps image ./hello -o hello.tar -t hello:1'],
    ['why x', '  for example: elfdeps why /bin/bash libc.so.6'],
    ['help nosuch', /^ {2}known: dockerfile, .*, roots, formats, exit-codes, man$/],
    ['help imgae', /^ {2}did you mean the command image\? known: /],
    ['help imges', /^ {2}did you mean images\? known: /],
    ['help root', /^ {2}did you mean roots\? known: /],
    ['completion ksh', /^ {2}known: bash, zsh, fish; /],
    ['completion', /^ {2}known: bash, zsh, fish; /],
  ])('%s', async (line, hint) => {
    const last = await answer(line);
    if (typeof hint === 'string') expect(last).toBe(hint);
    else expect(last).toMatch(hint);
  });
});

describe('the arguments of why in the other order', () => {
  const root = diskWorld({
    ...glibcSystem(36),
    '/lib/liba.so': {},
    '/usr/bin/app': program({ needed: ['liba.so'] }),
  });
  const why = (...words: string[]) => runCli(['why', ...words, '--root', root], { cwd: '/' });

  it('are put right', async () => {
    const { code, stderr } = await why('liba.so', '/usr/bin/app');
    expect(code).toBe(2);
    expect(stderr).toBe(
      `elfdeps: liba.so: no such file or directory\n  did you mean elfdeps why --root ${root} /usr/bin/app liba.so?\n`,
    );
    const path = await why('/lib/liba.so', '/usr/bin/app');
    expect([path.code, path.stderr]).toEqual([
      1,
      `  did you mean elfdeps why --root ${root} /usr/bin/app /lib/liba.so?\n`,
    ]);
  });

  it('are not, where the program needs no such library', async () => {
    expect((await why('/usr/bin/app', 'libz.so.1')).stderr).toBe('');
    expect((await why('/lib/liba.so', '/usr/bin/gone')).stderr).toBe('');
  });
});

it('no guess is an option that a command has, so that it would never be made', async () => {
  const program = await createProgram(COMMAND_NAMES, {
    out() {},
    err() {},
    columns: () => undefined,
  });
  const all = [program, ...program.commands];
  const has = (flag: string) => (command: (typeof all)[number]) =>
    command.options.some(({ long, short }) => flag === long || flag === short);
  const idle: string[] = [];
  for (const [flag, guesses] of Object.entries(OPTION_GUESSES)) {
    if (all.every(has(flag))) idle.push(flag);
    for (const guess of guesses) {
      const [option = ''] = guess.split(' ');
      if (option.startsWith('--') && !all.some(has(option))) idle.push(guess);
    }
  }
  expect(idle).toEqual([]);
});

it('every format of the report is understood as an option', async () => {
  const program = await createProgram(COMMAND_NAMES, {
    out() {},
    err() {},
    columns: () => undefined,
  });
  for (const { name } of reports)
    expect(optionQuestion(program, ['x', `--${name}`])).toBe(`did you mean -f ${name}?`);
});
