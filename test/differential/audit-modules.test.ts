/**
 * Audit modules under real loaders: what is mapped, by /proc/self/maps, and what is printed about modules
 * that are passed over. Three releases of glibc, the oldest of which does not know the tags, and musl,
 * which has no such modules.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkTrace, directoryRoot, traceDependencies } from '../../src/index.js';
import { type Answer, realLoaders, runJobs } from '../support/real-loader.js';
import { command, describeWith, requirement } from '../support/requirement.js';
import { GLIBC_INTERPRETER, MUSL_INTERPRETER } from '../support/world.js';
import { loaderOf, makeRoot } from './debian-roots.js';

/** Prints what is mapped, without a C library. */
const PROGRAM = `
  static long call(long n, long a, const void *b, long c) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result; }
  void _start(void) {
    static char bytes[4096]; static const char path[] = "/proc/self/maps"; long count;
    long fd = call(2, (long)path, 0, 0);
    while ((count = call(0, fd, bytes, sizeof bytes)) > 0) call(1, 1, bytes, count);
    call(60, 0, 0, 0); }`;
const MODULE = 'unsigned la_version(unsigned version) { return version; }';

interface Row {
  readonly rule: string;
  /** Options of the linker for /app/main. */
  readonly link?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly configured?: string;
  readonly mode?: number;
}

const audit = (list: string) => `-Wl,--audit=${list}`;
const ROWS: readonly Row[] = [
  { rule: 'DT_AUDIT, a path', link: [audit('/opt/libau.so')] },
  { rule: 'DT_DEPAUDIT, a path', link: ['-Wl,--depaudit=/opt/libau.so'] },
  { rule: 'both tags', link: [audit('/opt/libau.so'), '-Wl,--depaudit=/opt/libother.so'] },
  { rule: 'two names in one tag', link: [audit('/opt/libau.so:/opt/libother.so')] },
  { rule: 'a name, by RUNPATH', link: [audit('libau.so'), '-Wl,--enable-new-dtags,-rpath,/opt'] },
  { rule: 'a name, by RPATH', link: [audit('libau.so'), '-Wl,--disable-new-dtags,-rpath,/opt'] },
  {
    rule: 'a name, by LD_LIBRARY_PATH',
    link: [audit('libau.so')],
    env: { LD_LIBRARY_PATH: '/opt' },
  },
  { rule: 'a name, by the cache', link: [audit('libau.so')], configured: '/opt' },
  { rule: 'a path with $ORIGIN', link: [audit('$ORIGIN/../opt/libau.so')] },
  { rule: 'a module that is missing', link: [audit('/opt/gone.so:libgone.so:/opt/libau.so')] },
  { rule: 'a module that needs a library beside it', link: [audit('/opt/libneeds.so')] },
  { rule: 'a module whose library is missing', link: [audit('/opt/liblacks.so')] },
  {
    rule: 'a module whose library RPATH of the program finds',
    link: [audit('/opt/liblacks.so'), '-Wl,--disable-new-dtags,-rpath,/opt/deep'],
  },
  {
    rule: 'a module whose library RUNPATH of the program finds',
    link: [audit('/opt/liblacks.so'), '-Wl,--enable-new-dtags,-rpath,/opt/deep'],
  },
  { rule: 'a module without la_version', link: [audit('/opt/deep/libdeep.so')] },
  { rule: 'a text', link: [audit('/opt/text.so')] },
  {
    rule: 'LD_AUDIT, a name, by RUNPATH',
    link: ['-Wl,--enable-new-dtags,-rpath,/opt'],
    env: { LD_AUDIT: 'libau.so' },
  },
  {
    rule: 'LD_AUDIT, a name, by RPATH',
    link: ['-Wl,--disable-new-dtags,-rpath,/opt'],
    env: { LD_AUDIT: 'libau.so' },
  },
  {
    rule: 'RUNPATH of the program, then LD_LIBRARY_PATH',
    link: ['-Wl,--enable-new-dtags,-rpath,/opt'],
    env: { LD_AUDIT: 'libau.so', LD_LIBRARY_PATH: '/opt/two' },
  },
  {
    rule: 'a module with a RUNPATH of its own',
    link: [audit('/opt/libneeds.so'), '-Wl,--enable-new-dtags,-rpath,/opt/two'],
  },
  { rule: 'LD_AUDIT', env: { LD_AUDIT: '/opt/libau.so:/opt/gone.so' } },
  {
    rule: 'LD_AUDIT and DT_AUDIT',
    link: [audit('/opt/libother.so')],
    env: { LD_AUDIT: '/opt/libau.so' },
  },
  { rule: 'a library with DT_AUDIT', link: ['-Wl,--no-as-needed', '/opt/libaudited.so'] },
  { rule: 'a set-user-ID program, a path', link: [audit('/opt/libau.so')], mode: 0o4755 },
  {
    rule: 'a set-user-ID program, a name',
    link: [audit('libau.so')],
    configured: '/opt',
    mode: 0o4755,
  },
  { rule: 'a set-user-ID program, a marked file', link: [audit('libmarked.so')], mode: 0o4755 },
  { rule: 'a set-user-ID program and LD_AUDIT', env: { LD_AUDIT: 'libmarked.so' }, mode: 0o4755 },
];

const { loaders: known, reason } = realLoaders();
const requirements = [
  requirement(`real loaders${reason === undefined ? '' : ` (${reason})`}`, reason === undefined),
  requirement('the musl loader', known.has('musl')),
  ...['gcc', 'apt-get', 'dpkg-deb', 'qemu-s390x-static'].map(command),
];

describeWith('audit modules under real loaders', requirements, () => {
  const kept = process.env.ELFDEPS_ROOTS_DIR;
  const directory = kept ?? fs.mkdtempSync(join(tmpdir(), 'elfdeps-audit-'));
  const keys = [31, 41, ...known.keys()];
  const cases = ROWS.flatMap((row) => keys.map((loader) => ({ row, loader })));
  const foretold: string[][] = [];
  let answers: Answer[] = [];
  let differences = 0;

  beforeAll(() => {
    const loaders = new Map<string | number, string>(known);
    for (const [minor, name] of [
      [31, 'bullseye-amd64'],
      [41, 'trixie-amd64'],
    ] as const)
      loaders.set(minor, loaderOf(makeRoot(name, directory, ['libc6', 'libc-bin'])));
    answers = runJobs(cases, ({ row, loader }, root) => {
      writeWorld(root, row, loaders.get(loader) as string, loader === 'musl');
      foretold.push(foretell(root, row));
      return { root, cwd: '/', argv: ['/app/main'], env: row.env ?? {} };
    });
  });

  afterAll(() => {
    console.log(`${cases.length} starts, ${differences} differences (${keys.join(', ')})`);
    if (kept === undefined) fs.rmSync(directory, { recursive: true, force: true });
  });

  for (const [index, { row, loader }] of cases.entries())
    it(`${row.rule} [${loader}]`, () => {
      const happened = whatHappened(answers[index] as Answer);
      if (JSON.stringify(foretold[index]) !== JSON.stringify(happened)) differences++;
      expect(foretold[index]).toEqual(happened);
    });
});

function writeWorld(root: string, row: Row, loader: string, isMusl: boolean): void {
  const at = (path: string) => {
    fs.mkdirSync(dirname(root + path), { recursive: true });
    return root + path;
  };
  const gcc = (source: string, out: string, ...args: readonly string[]) => {
    fs.writeFileSync(at('/x.c'), source);
    const flags = ['-nostdlib', '-fPIC', '-O1', '-Wl,--hash-style=both', '-Wl,--no-as-needed'];
    execFileSync('gcc', [...flags, '-o', at(out), at('/x.c'), ...args]);
    fs.chmodSync(at(out), 0o755);
  };
  const library = (path: string) => `-Wl,-soname,${path.slice(path.lastIndexOf('/') + 1)}`;
  const make = (path: string, source: string, ...args: readonly string[]) =>
    gcc(source, path, '-shared', library(path), ...args);
  const interpreter = isMusl ? MUSL_INTERPRETER : GLIBC_INTERPRETER;
  // Before 2.33 only its name tells the release.
  const place = isMusl ? interpreter : `/lib/${basename(loader)}`;
  fs.copyFileSync(loader, at(place));
  fs.chmodSync(at(place), 0o755);
  if (!isMusl) fs.symlinkSync(place, at(interpreter));
  for (const path of ['/etc/x', '/proc/x', '/usr/lib/x']) at(path);
  make('/opt/libau.so', MODULE);
  make('/opt/libother.so', MODULE);
  make('/opt/two/libau.so', MODULE);
  make('/opt/two/libdeep.so', 'int deep(void) { return 1; }');
  make('/opt/deep/libdeep.so', 'int deep(void) { return 0; }');
  make('/opt/libneeds.so', MODULE, at('/opt/deep/libdeep.so'), '-Wl,-rpath,$ORIGIN/deep');
  make('/opt/liblacks.so', MODULE, at('/opt/deep/libdeep.so'));
  make('/opt/libaudited.so', 'int audited(void) { return 0; }');
  make('/opt/libaudited.so', 'int audited(void) { return 0; }', audit('/opt/libau.so'));
  make('/usr/lib/libmarked.so', MODULE);
  fs.chmodSync(at('/usr/lib/libmarked.so'), 0o4755);
  fs.writeFileSync(at('/opt/text.so'), 'no library'.repeat(100));
  const link = (row.link ?? []).map((word) => (word.startsWith('/') ? at(word) : word));
  gcc(PROGRAM, '/app/main', '-pie', `-Wl,--dynamic-linker=${interpreter}`, ...link);
  fs.chmodSync(at('/app/main'), row.mode ?? 0o755);
  if (row.configured === undefined || isMusl) return;
  fs.writeFileSync(at('/etc/ld.so.conf'), `${row.configured}\n`);
  execFileSync('/sbin/ldconfig', ['-r', root], { stdio: 'ignore' });
}

/** Paths that are mapped, then what is printed about modules. */
function foretell(root: string, { env = {} }: Row): string[] {
  const trace = traceDependencies(directoryRoot(root), ['/app/main'], {
    startedBy: { uid: 65534, gid: 65534, groups: [] },
    libraryPath: env.LD_LIBRARY_PATH,
    audit: env.LD_AUDIT,
  });
  const [closure] = trace.closures;
  const findings = checkTrace(trace).flatMap((checked) => checked.findings);
  const printed = findings.flatMap(({ code, severity, seen = '' }) =>
    code === 'AUDIT_IGNORED' || severity === 'error' ? [seen] : [],
  );
  const passedOver = new Set(
    findings.flatMap(({ code, path }) => (code === 'AUDIT_IGNORED' ? [path] : [])),
  );
  if (findings.some(({ severity }) => severity === 'error')) return printed;
  const modules = closure?.auditModules.filter(({ name }) => !passedOver.has(name)) ?? [];
  const paths = [closure?.objects ?? [], ...modules.map(({ objects }) => objects)]
    .flat()
    .map(({ realPath }) => realPath as string);
  const interpreter = closure?.interpreter?.realPath ?? '';
  return [...[...new Set([...paths, interpreter])].sort(), ...printed];
}

function whatHappened({ out, err }: Answer): string[] {
  const mapped = out.split('\n').flatMap((line) => /\s(\/\S+)$/.exec(line)?.[1] ?? []);
  return [...[...new Set(mapped)].sort(), ...err.split('\n').filter((line) => line !== '')];
}
