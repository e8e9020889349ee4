/**
 * Turns entries into tar blocks with node-tar's Header and Pax: ustar, with a pax header before an entry
 * that ustar cannot hold. Names of owners are left out and every time is the same, so equal content
 * gives equal bytes.
 * Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header".
 */
import type { Header, HeaderData } from 'tar/header';
import type { Pax } from 'tar/pax';

/** An entry of an archive. */
export interface TarEntry {
  /** Relative, without a slash at either end. */
  readonly path: string;
  readonly type: 'File' | 'Directory' | 'SymbolicLink' | 'Link';
  /** Permission bits. */
  readonly mode: number;
  /** Numbers of its owner; root's without them. */
  readonly uid?: number;
  readonly gid?: number;
  /** How many bytes follow; only files have any. */
  readonly size?: number;
  /** Where a link leads. */
  readonly target?: string;
  /** The value of the extended attribute security.capability. */
  readonly capability?: Uint8Array;
}

const BLOCK = 512;

/** The end of an archive: two blocks of zeros. */
export const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK);

/** Encodes entries, all with the same time. */
export class TarEncoder {
  readonly #Header: typeof Header;
  readonly #Pax: typeof Pax;
  readonly #modified: Date;

  /** `modified` is the time of every entry, in seconds since 1970. Loads node-tar on first use. */
  static async load(modified: number): Promise<TarEncoder> {
    const [{ Header }, { Pax }] = [await import('tar/header'), await import('tar/pax')];
    return new TarEncoder(Header, Pax, modified);
  }

  private constructor(header: typeof Header, pax: typeof Pax, modified: number) {
    this.#Header = header;
    this.#Pax = pax;
    this.#modified = new Date(modified * 1000);
  }

  /** The blocks before an entry's bytes. */
  header(entry: TarEntry): Uint8Array {
    const data: HeaderData = {
      path: entry.type === 'Directory' ? `${entry.path}/` : entry.path,
      type: entry.type,
      mode: entry.mode & 0o7777,
      size: entry.size ?? 0,
      linkpath: entry.target,
      ...OWNER,
      uid: entry.uid ?? 0,
      gid: entry.gid ?? 0,
      mtime: this.#modified,
    };
    const block = Buffer.alloc(BLOCK);
    const needsPax = new this.#Header(data).encode(block);
    if (!needsPax && entry.capability === undefined) return block;
    return Buffer.concat([this.#paxBlocks(data, entry.capability), block]);
  }

  /** The zeros that fill the last block after `size` bytes. */
  padding(size: number): Uint8Array {
    return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
  }

  #paxBlocks({ path, linkpath, size }: HeaderData, capability?: Uint8Array): Uint8Array {
    const pax = new this.#Pax({
      path,
      linkpath,
      size: size === undefined || size < MAX_OCTAL_SIZE ? undefined : size,
    });
    const body = Buffer.concat([
      Buffer.from(pax.encodeBody()),
      ...(capability === undefined
        ? []
        : [paxRecord('SCHILY.xattr.security.capability', capability)]),
    ]);
    const block = Buffer.alloc(BLOCK);
    new this.#Header({
      path: 'PaxHeader',
      type: 'ExtendedHeader',
      mode: 0o644,
      size: body.length,
      ...OWNER,
      mtime: this.#modified,
    }).encode(block);
    return Buffer.concat([block, body, this.padding(body.length)]);
  }
}

const OWNER = { uid: 0, gid: 0, uname: '', gname: '' } as const;

/** The first size that needs more than the eleven octal digits of ustar. */
const MAX_OCTAL_SIZE = 8 ** 11;

/** `LENGTH KEYWORD=VALUE\n`; the length includes its own digits. node-tar writes text values only. */
function paxRecord(keyword: string, value: Uint8Array): Uint8Array {
  const rest = Buffer.concat([Buffer.from(` ${keyword}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (length !== rest.length + String(length).length)
    length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
