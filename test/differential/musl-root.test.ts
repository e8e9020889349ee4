/**
 * A musl root on a glibc machine: musl's loader and programs compiled with musl-gcc, each listed by
 * that loader inside of the root (`ld-musl --list`) and by elfdeps from outside of it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directoryRoot, findElfFiles, traceDependencies } from '../../src/index.js';
import { reportText } from '../support/report-text.js';
import { command, describeWith, requirement } from '../support/requirement.js';

const LOADER = '/lib/ld-musl-x86_64.so.1';

/** What to build: sources are one function each, linked with `flags`, placed at the path. */
const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  '/usr/lib/libbase.so.1': ['-shared'],
  '/opt/x/lib/libdeep.so.1': ['-shared'],
  '/opt/x/lib/libwith.so.1': ['-shared', '-Wl,-rpath,$ORIGIN', '/opt/x/lib/libdeep.so.1'],
  '/opt/y/lib/libinherit.so.1': ['-shared', '/opt/x/lib/libdeep.so.1'],
  '/opt/y/lib/libbad.so.1': ['-shared', '-Wl,-rpath,/opt/x/lib:$LIB/x', '/opt/x/lib/libdeep.so.1'],
  '/usr/bin/plain': ['/usr/lib/libbase.so.1', '-lm', '-lpthread'],
  '/usr/bin/origin': ['-Wl,-rpath,$ORIGIN/../../opt/x/lib', '/opt/x/lib/libwith.so.1'],
  '/usr/bin/inherits': [
    '-Wl,--enable-new-dtags,-rpath,/opt/y/lib:/opt/x/lib',
    '/opt/y/lib/libinherit.so.1',
  ],
  '/usr/bin/lost': ['-Wl,-rpath,/opt/y/lib', '/opt/y/lib/libinherit.so.1'],
  '/usr/bin/dropped': ['-Wl,-rpath,/opt/y/lib', '/opt/y/lib/libbad.so.1'],
  '/usr/bin/configured': ['/opt/z/lib/libconf.so.1'],
  '/opt/z/lib/libconf.so.1': ['-shared'],
  '/usr/bin/static': ['-static'],
};

const requirements = [
  requirement('the root user', process.getuid?.() === 0),
  requirement('an x86-64 machine', process.arch === 'x64'),
  ...['musl-gcc', 'chroot'].map(command),
];

describeWith('a musl root', requirements, () => {
  let root = '';

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'elfdeps-musl-'));
    const source = join(root, 'source.c');
    writeFileSync(source, 'int main(void) { return 0; }\n');
    const put = (path: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      return join(root, path);
    };
    copyFileSync(LOADER, put(LOADER));
    writeFileSync(put('/etc/ld-musl-x86_64.path'), '/lib:/usr/lib\n/opt/z/lib\n');
    // Libraries first, in an order in which each finds those that it is linked with.
    const libraries = Object.keys(OBJECTS).filter((path) => path.includes('.so'));
    const programs = Object.keys(OBJECTS).filter((path) => !path.includes('.so'));
    for (const path of [...libraries, ...programs]) {
      const soname = path.split('/').pop() ?? '';
      const flags = (OBJECTS[path] ?? []).map((flag) =>
        flag.startsWith('/') ? join(root, flag) : flag,
      );
      const name = path.includes('.so') ? ['-fPIC', `-Wl,-soname,${soname}`, '-Dmain=f'] : [];
      execFileSync('musl-gcc', [
        ...['-Wl,--no-as-needed', '-Wl,--allow-shlib-undefined', '-o', put(path), source],
        ...[...name, ...flags],
      ]);
    }
    rmSync(source);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** What the loader prints, in one text: the list, then its errors. */
  function listing(path: string, env: Readonly<Record<string, string>>): string {
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const { stdout, stderr } = spawnSync(
      'env',
      ['-i', ...words, '/usr/sbin/chroot', root, LOADER, '--list', path],
      { encoding: 'utf8' },
    );
    return `${stdout}${stderr}`
      .split('\n')
      .map((line) => line.replace(/ \(0x[0-9a-f]+\)$/, ''))
      .filter((line) => !line.startsWith('Error relocating'))
      .join('\n');
  }

  it.each([
    { name: 'as it is', libraryPath: undefined },
    { name: 'with LD_LIBRARY_PATH', libraryPath: '/opt/y/lib::/opt/x/lib' },
  ])('lists every file as its loader does, $name', ({ libraryPath }) => {
    const files = findElfFiles(directoryRoot(root), '/').filter((path) => path !== LOADER);
    const options = libraryPath === undefined ? {} : { libraryPath };
    const { closures, errors } = traceDependencies(directoryRoot(root), files, options);
    expect(errors).toEqual([]);
    const dynamic = closures.filter((closure) => closure.loader === 'musl');
    expect(dynamic.length).toBe(Object.keys(OBJECTS).length - 1);
    for (const closure of dynamic) {
      const ours = reportText('ldd', [closure]);
      const theirs = listing(
        closure.program.path,
        libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath },
      );
      expect({ path: closure.program.path, text: ours }).toEqual({
        path: closure.program.path,
        text: theirs,
      });
    }
    console.log(`musl root: ${dynamic.length} files compared, 0 mismatches`);
  });

  it('knows the static program', () => {
    const { closures } = traceDependencies(directoryRoot(root), ['/usr/bin/static']);
    expect(closures[0]).toMatchObject({ linkage: 'static', loader: null, complete: true });
  });
});
