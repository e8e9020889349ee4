/**
 * Images with variants of libraries for newer CPUs, started by this machine's loader with
 * --glibc-hwcaps-mask, which lets it take a CPU for a lesser one: the program starts on all of them,
 * with the variant that the loader takes in the root itself.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { closureFiles, directoryRoot, traceDependencies } from '../../src/index.js';
import { runCli } from '../support/cli-runner.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const LOADER = '/lib64/ld-linux-x86-64.so.2';
const LEVELS = ['x86-64-v2', 'x86-64-v3'];

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  requirement('an x86-64 machine with x86-64-v3', process.arch === 'x64' && supports('x86-64-v3')),
  ...['gcc', 'chroot', 'ldconfig'].map(command),
];

function supports(level: string): boolean {
  const { stdout } = spawnSync(LOADER, ['--help'], { encoding: 'utf8' });
  return new RegExp(`^\\s+${level} \\(supported, searched\\)`, 'm').test(stdout ?? '');
}

describeWith('CPU variants in images', requirements, () => {
  const base = fs.mkdtempSync(join(tmpdir(), 'elfdeps-variants-'));
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

  function compile(root: string, path: string, source: string, ...flags: string[]): void {
    const place = join(root, path);
    fs.mkdirSync(dirname(place), { recursive: true });
    fs.writeFileSync(join(base, 'source.c'), source);
    execFileSync('gcc', ['-w', '-o', place, join(base, 'source.c'), ...flags]);
  }

  /** A root whose program prints which build of libq.so.1 it has, by RUNPATH or by the cache alone. */
  function makeRoot(name: string, builds: readonly string[], isCached: boolean): string {
    const root = join(base, name);
    const { closures } = traceDependencies(directoryRoot('/'), ['/bin/true']);
    for (const { path, realPath } of closures.flatMap(closureFiles)) {
      fs.mkdirSync(dirname(join(root, path)), { recursive: true });
      fs.copyFileSync(realPath, join(root, path));
    }
    for (const build of builds) {
      const directory = build === 'baseline' ? '' : `glibc-hwcaps/${build}/`;
      const source = `const char *build(void) { return "${build}"; }`;
      const flags = ['-shared', '-fPIC', '-nostdlib', '-Wl,-soname,libq.so.1'];
      compile(root, `/srv/lib/${directory}libq.so.1`, source, ...flags);
      compile(root, '/any/libq.so.1', source, ...flags);
    }
    const main =
      '#include <stdio.h>\nconst char *build(void);\nint main(void) { puts(build()); return 0; }';
    const path = isCached ? [] : ['-Wl,-rpath,/srv/lib'];
    compile(root, '/bin/app', main, join(root, 'any/libq.so.1'), ...path);
    fs.rmSync(join(root, 'any'), { recursive: true });
    if (isCached) {
      fs.mkdirSync(join(root, 'etc'), { recursive: true });
      fs.writeFileSync(join(root, 'etc/ld.so.conf'), '/srv/lib\n');
      execFileSync('ldconfig', ['-r', root]);
    }
    return root;
  }

  /** What the program prints on a CPU of these levels. */
  function start(root: string, mask: string | undefined, environment: readonly string[]): string {
    const words = mask === undefined ? [] : ['--glibc-hwcaps-mask', mask];
    const env = Object.fromEntries(environment.map((variable) => variable.split('=', 2)));
    const { stdout, stderr } = spawnSync('chroot', [root, LOADER, ...words, '/bin/app'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });
    return `${stdout}${stderr}`.trim();
  }

  /** A stage of COPY lines, carried out; with the variables that ENV sets. */
  async function copied(root: string, image: string, hwcaps: string): Promise<readonly string[]> {
    const words = ['dockerfile', '--root', root, '/bin/app', '--hwcaps', hwcaps, '-q'];
    const { code, stdout } = await runCli(words);
    expect(code).toBe(0);
    const text = stdout.replaceAll('\\\n', ' ');
    for (const [, list = ''] of text.matchAll(/^COPY --from=build (.*)$/gm)) {
      const sources = list.trim().split(/\s+/);
      const destination = sources.pop() ?? '';
      for (const source of sources) {
        const place = destination.endsWith('/')
          ? join(image, destination, source.slice(source.lastIndexOf('/') + 1))
          : join(image, destination);
        fs.mkdirSync(dirname(place), { recursive: true });
        fs.copyFileSync(fs.realpathSync(join(root, source)), place);
      }
    }
    return [...text.matchAll(/^ENV (.*)$/gm)].map(([, variable = '']) => variable);
  }

  const masks = [undefined, ...LEVELS, 'none'];
  const cases = ['all', 'x86-64-v3'].flatMap((hwcaps) =>
    [false, true].flatMap((isCached) =>
      ['copy', 'dockerfile'].map((how) => ({ hwcaps, isCached, how })),
    ),
  );

  it.each(cases)('$how --hwcaps $hwcaps, cached: $isCached', async ({ hwcaps, isCached, how }) => {
    const name = `${how}-${hwcaps}-${isCached}`;
    const root = makeRoot(name, ['baseline', ...LEVELS], isCached);
    const image = join(base, `${name}-image`);
    let environment: readonly string[] = [];
    if (how === 'copy') {
      const words = ['copy', '--root', root, '/bin/app', '--hwcaps', hwcaps, '--to', image, '-q'];
      expect((await runCli(words)).code).toBe(0);
    } else environment = await copied(root, image, hwcaps);
    const answers = masks.map((mask) => start(image, mask, environment));
    const own = masks.map((mask) => start(root, mask, []));
    // Without `all` only the best variant and the baseline are there.
    const expected = own.map((build) =>
      hwcaps !== 'all' && build === 'x86-64-v2' ? 'baseline' : build,
    );
    expect(answers).toEqual(expected);
    expect(own).toEqual(['x86-64-v3', ...LEVELS, 'baseline']);
  });

  it('says where there is no baseline', async () => {
    const root = makeRoot('no-baseline', ['x86-64-v3'], false);
    const image = join(base, 'no-baseline-image');
    const words = ['copy', '--root', root, '/bin/app', '--hwcaps', 'all', '--to', image];
    const { code, stderr } = await runCli(words);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'note: /srv/lib/glibc-hwcaps/x86-64-v3/libq.so.1: for newer CPUs only, and the root has no other build',
    );
    expect(start(image, 'x86-64-v2', [])).toMatch(/libq\.so\.1: cannot open shared object file/);
  });
});
