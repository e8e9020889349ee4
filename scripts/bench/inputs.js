/**
 * What the benchmark works on: this machine's programs, a chain of made libraries, and about a gigabyte of this
 * machine's files as archives.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const SIZE = 2 ** 30;

/**
 * Programs and libraries of a directory that name an interpreter: what libtree and ldd accept without
 * complaint.
 * @param {string} directory
 */
export function dynamicFiles(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(directory, entry.name))
    .filter(isDynamic)
    .sort();
}

/** @param {string} path */
function isDynamic(path) {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4096);
    readSync(file, bytes, 0, 4096, 0);
    if (bytes.toString('latin1', 0, 4) !== '\x7fELF' || bytes[4] !== 2 || bytes[5] !== 1)
      return false;
    const start = Number(bytes.readBigUInt64LE(32));
    const types = Array.from({ length: bytes.readUInt16LE(56) }, (_, index) =>
      start + 56 * index < 4092 ? bytes.readUInt32LE(start + 56 * index) : 0,
    );
    return types.includes(3);
  } finally {
    closeSync(file);
  }
}

/**
 * A root with a program whose libraries need one another in a row of `length`; gives its directory.
 * @param {string} directory
 * @param {number} length
 */
export async function makeChain(directory, length) {
  const root = join(directory, `chain-${length}`);
  if (existsSync(root)) return root;
  const bundled = join(directory, 'elf-builder.mjs');
  const entry = join(PROJECT, 'test/support/elf-builder.ts');
  await build({
    entryPoints: [entry],
    outfile: bundled,
    bundle: true,
    format: 'esm',
    platform: 'node',
  });
  const { buildElf } = await import(bundled);
  const interpreter = '/lib64/ld-linux-x86-64.so.2';
  for (const name of ['bin', 'lib', 'lib64']) mkdirSync(join(root, name), { recursive: true });
  copyFileSync(realpathSync(interpreter), join(root, interpreter));
  const name = (/** @type {number} */ index) => `libchain${index}.so`;
  writeFileSync(join(root, 'bin/program'), buildElf({ interpreter, needed: [name(0)] }), {
    mode: 0o755,
  });
  for (let index = 0; index < length; index++) {
    const needed = index + 1 < length ? [name(index + 1)] : [];
    writeFileSync(join(root, 'lib', name(index)), buildElf({ soname: name(index), needed }));
  }
  return root;
}

/**
 * A tar of what `program` needs and other files of this machine, a gigabyte in all, then .gz and .zst; made
 * once for a directory. Gives the path of the tar.
 * @param {string} directory
 * @param {string} program
 * @param {readonly string[]} closure
 */
export function makeArchives(directory, program, closure) {
  const tar = join(directory, 'root.tar');
  if (existsSync(`${tar}.zst`)) return tar;
  const names = [program, ...closure, ...largeFiles()];
  const list = `${tar}.list`;
  writeFileSync(list, names.join('\0'));
  execFileSync('tar', ['-cPf', tar, '--no-recursion', '--null', '-T', list]);
  execFileSync('sh', ['-c', 'gzip -1 -c "$1" >"$1.gz" && zstd -q -c "$1" >"$1.zst"', 'sh', tar]);
  return tar;
}

/** Files of this machine until there is a gigabyte, links among them. */
function largeFiles() {
  const names = [];
  let total = 0;
  const visit = (/** @type {string} */ at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (total >= SIZE) return;
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else names.push(path);
      if (entry.isFile()) total += statSync(path).size;
    }
  };
  for (const top of ['/usr/bin', '/usr/lib', '/usr/share']) visit(top);
  return names;
}

/**
 * A root with a program and a gigabyte of data, for `copy` and `cp -a`: bytes of this machine's files behind
 * a line of text, so that none of them is a program whose libraries are missing.
 * @param {string} directory
 */
export function makeTree(directory) {
  const tree = join(directory, 'tree');
  if (existsSync(join(tree, 'bin/program'))) return tree;
  mkdirSync(join(tree, 'data'), { recursive: true });
  let total = 0;
  for (const [index, path] of largeFiles().entries()) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile() || total >= SIZE) continue;
    const to = join(tree, 'data', `${index}`);
    writeFileSync(to, 'data\n');
    appendFileSync(to, readFileSync(path));
    total += stats.size;
  }
  addProgram(tree);
  return tree;
}

/** @param {string} root */
function addProgram(root) {
  mkdirSync(join(root, 'bin'), { recursive: true });
  copyFileSync(join(PROJECT, 'samples/hello/hello-static'), join(root, 'bin/program'));
}

/**
 * A root with a file of 1.5 GB that is a hole but for its first bytes and has a capability; undefined where this
 * user cannot give it one.
 * @param {string} directory
 */
export function makeSparse(directory) {
  const root = join(directory, 'sparse');
  addProgram(root);
  const large = join(root, 'large');
  writeFileSync(large, 'data\n');
  truncateSync(large, 1.5 * SIZE);
  const { status } = spawnSync('setcap', ['cap_net_bind_service=ep', large]);
  return status === 0 ? root : undefined;
}
