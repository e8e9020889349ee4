/**
 * Tars in memory, member by member, with every oddity that a test wants: names as they stand, any
 * type, pax records, damaged fields. What makes the archives of real tests is in test/differential.
 */
import type { MemoryNode } from '../../src/root/memory-root.js';

export interface TarEntry {
  readonly name: string;
  /** The type character of the header; `0`, a file, by default. */
  readonly type?: string;
  readonly body?: Uint8Array | string;
  readonly link?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Records of a pax header in front. */
  readonly pax?: readonly (readonly [key: string, value: string | Uint8Array])[];
  /** Changes the finished header; its checksum is made afterwards. */
  readonly patch?: (header: Buffer) => unknown;
}

/** The archive with its two blocks of zeros. */
export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), Buffer.alloc(1024)]);
}

/** One member: its headers and its body, filled up to whole blocks. */
export function tarEntry(entry: TarEntry): Buffer {
  const body = Buffer.from(entry.body ?? '');
  const pax = entry.pax === undefined ? [] : [paxHeader('x', entry.pax)];
  return Buffer.concat([...pax, header(entry, body.length), padded(body)]);
}

/** A pax header: of type `x`, or `X` of Solaris, for the next member, of type `g` for all that follow. */
export function paxHeader(
  type: 'x' | 'X' | 'g',
  records: readonly (readonly [key: string, value: string | Uint8Array])[],
): Buffer {
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  return Buffer.concat([header({ name: 'pax', type }, body.length), padded(body)]);
}

function paxRecord(key: string, value: string | Uint8Array): Buffer {
  const text = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = text.length;
  while (length !== text.length + String(length).length)
    length = text.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), text]);
}

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(entry.name.slice(0, 100), 0, 'latin1');
  block.write(`${(entry.mode ?? 0o644).toString(8).padStart(7, '0')}\0`, 100);
  block.write(`${(entry.uid ?? 0).toString(8).padStart(7, '0')}\0`, 108);
  block.write(`${(entry.gid ?? 0).toString(8).padStart(7, '0')}\0`, 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(entry.type ?? '0', 156);
  block.write((entry.link ?? '').slice(0, 100), 157);
  block.write('ustar\x0000', 257);
  entry.patch?.(block);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

function ownership({ mode = 0o755, uid, gid }: Pick<TarEntry, 'mode' | 'uid' | 'gid'>) {
  return { mode, uid, gid };
}

/** A world of a MemoryRoot as members, with the directories it names. */
export function entriesOf(world: Readonly<Record<string, MemoryNode>>): TarEntry[] {
  return Object.entries(world).map(([path, node]): TarEntry => {
    const name = `.${path}`;
    if (typeof node === 'string' || node instanceof Uint8Array)
      return { name, body: node, mode: 0o755 };
    if ('link' in node) return { name, type: '2', link: node.link, mode: 0o777 };
    if ('hardLink' in node) return { name, type: '1', link: `.${node.hardLink}` };
    if ('directory' in node) return { name: `${name}/`, type: '5', ...ownership(node) };
    return { name, body: node.bytes, ...ownership(node) };
  });
}
