/**
 * How long an archive as --root takes, and how much memory, beside `tar tf` on the same file. Makes an
 * archive of about 1 GB out of this machine's programs and libraries, plain, .gz and .zst, and a
 * docker-save archive around each: `node scripts/bench-archive.js [directory for the archives]`.
 * Needs Linux, GNU tar, gzip and zstd. The best of three runs counts.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SIZE = 2 ** 30;
const PROGRAM = '/usr/bin/git';
const elfdeps = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin/elfdeps.js');
const directory = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'elfdeps-bench-'));
mkdirSync(directory, { recursive: true });

/** Runs a command, which must work; without an output file what it prints is dropped. */
function run(command, args, { output, input } = {}) {
  const out = output === undefined ? 'ignore' : openSync(output, 'w');
  const from = input === undefined ? 'ignore' : openSync(input, 'r');
  const { status, stderr } = spawnSync(command, args, { stdio: [from, out, 'pipe'] });
  if (typeof out === 'number') closeSync(out);
  if (typeof from === 'number') closeSync(from);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return String(stderr);
}

/** What the program needs, then more files until there are enough bytes. */
function makeTar(path) {
  const names = [];
  let total = 0;
  const visit = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (total >= SIZE) return;
      const full = join(at, entry.name);
      if (entry.isDirectory()) visit(full);
      else names.push(full);
      if (entry.isFile()) total += statSync(full).size;
    }
  };
  const closure = spawnSync(process.execPath, [elfdeps, '--format', 'list', PROGRAM]);
  names.push(...String(closure.stdout).trim().split('\n'));
  for (const top of ['/usr/bin', '/usr/lib', '/usr/share']) visit(top);
  writeFileSync(`${path}.list`, names.join('\0'));
  run('tar', ['-cf', path, '-P', '--no-recursion', '--null', '-T', `${path}.list`]);
}

/** A docker-save archive of one layer. */
function makeImage(path, layer) {
  const work = `${path}.d`;
  mkdirSync(work, { recursive: true });
  const config = JSON.stringify({ os: 'linux', architecture: 'amd64' });
  const name = `${createHash('sha256').update(config).digest('hex')}.json`;
  writeFileSync(join(work, name), config);
  const manifest = [{ Config: name, RepoTags: ['bench:1'], Layers: ['layer.tar'] }];
  writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));
  const members = ['-C', work, name, 'manifest.json', '-C', dirname(layer)];
  const rename = `s,^${layer.split('/').pop()}$,layer.tar,`;
  run('tar', ['-cf', path, `--transform=${rename}`, ...members, layer.split('/').pop()]);
}

function best(action) {
  let seconds = Number.POSITIVE_INFINITY;
  let result;
  for (let round = 0; round < 3; round++) {
    const start = process.hrtime.bigint();
    result = action();
    seconds = Math.min(seconds, Number(process.hrtime.bigint() - start) / 1e9);
  }
  return { seconds, result };
}

const REPORT = 'process.on("exit",()=>console.error("maxRSS",process.resourceUsage().maxRSS))';

const plain = join(directory, 'root.tar');
if (!existsSync(plain)) makeTar(plain);
if (!existsSync(`${plain}.gz`)) run('gzip', ['-1', '-c', plain], { output: `${plain}.gz` });
if (!existsSync(`${plain}.zst`)) run('zstd', ['-q', '-c', plain], { output: `${plain}.zst` });
for (const suffix of ['', '.gz', '.zst'])
  if (!existsSync(`${directory}/image${suffix}.tar`))
    makeImage(`${directory}/image${suffix}.tar`, plain + suffix);

const rows = [
  ['root.tar'],
  ['root.tar.gz'],
  ['root.tar.zst'],
  ['image.tar', plain],
  ['image.gz.tar', `${plain}.gz`],
  ['image.zst.tar', `${plain}.zst`],
];
console.log(`${readFileSync(`${plain}.list`, 'utf8').split('\0').length} files, ${PROGRAM}`);
for (const [name, listed] of rows) {
  const path = join(directory, name);
  // An image is compared with listing its layer: that is what has the names.
  const tar = best(() => run('tar', ['tPf', listed ?? path], { output: '/dev/null' })).seconds;
  const from = (root, input) => () =>
    run(
      process.execPath,
      ['--import', `data:text/javascript,${REPORT}`, elfdeps, '--root', root, PROGRAM],
      {
        ...(input === undefined ? {} : { input }),
      },
    );
  const ours = best(from(path));
  const rss = Number(/maxRSS (\d+)/.exec(ours.result)?.[1]) / 1024;
  const size = (statSync(path).size / 2 ** 20).toFixed(0);
  console.log(
    `${name.padEnd(14)} ${size.padStart(5)} MB  tar tf ${tar.toFixed(2)} s  elfdeps ` +
      `${ours.seconds.toFixed(2)} s  ratio ${(ours.seconds / tar).toFixed(2)}  ${rss.toFixed(0)} MB`,
  );
}
