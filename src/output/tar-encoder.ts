/**
 * Entries into tar blocks by node-tar's Header and Pax: ustar, with a pax header before an entry that
 * ustar cannot hold. Every owner is root and every time the same, so that equal content is equal bytes.
 * Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header".
 */
import type { Header, HeaderData, Pax } from 'tar';

/** What stands in an archive. */
export interface TarEntry {
  /** Relative, without a slash at either end. */
  readonly path: string;
  readonly type: 'File' | 'Directory' | 'SymbolicLink' | 'Link';
  /** Permission bits. */
  readonly mode: number;
  /** Bytes that follow; 0 but for files. */
  readonly size?: number;
  /** Of links. */
  readonly target?: string;
  /** The value of the extended attribute security.capability. */
  readonly capability?: Uint8Array;
}

const BLOCK = 512;

/** Two blocks of zeros end an archive. */
export const TAR_END = new Uint8Array(2 * BLOCK);

export class TarEncoder {
  readonly #Header: typeof Header;
  readonly #Pax: typeof Pax;
  readonly #modified: Date;

  /** `modified` is the time of every entry, in seconds since 1970. node-tar is loaded only now. */
  static async load(modified: number): Promise<TarEncoder> {
    const tar = await import('tar');
    return new TarEncoder(tar.Header, tar.Pax, modified);
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
      ...(entry.target === undefined ? {} : { linkpath: entry.target }),
      ...OWNER,
      mtime: this.#modified,
    };
    const block = Buffer.alloc(BLOCK);
    const needsPax = new this.#Header(data).encode(block);
    if (!needsPax && entry.capability === undefined) return block;
    return Buffer.concat([this.#paxBlocks(data, entry.capability), block]);
  }

  /** What fills the last block behind `size` bytes. */
  padding(size: number): Uint8Array {
    return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
  }

  #paxBlocks({ path, linkpath, size }: HeaderData, capability?: Uint8Array): Uint8Array {
    const pax = new this.#Pax({
      ...(path === undefined ? {} : { path }),
      ...(linkpath === undefined ? {} : { linkpath }),
      ...(size === undefined || size < MAX_OCTAL_SIZE ? {} : { size }),
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

/** Eleven octal digits. */
const MAX_OCTAL_SIZE = 8 ** 11;

/** `LENGTH KEYWORD=VALUE\n`, where the length counts its own digits; node-tar writes texts only. */
function paxRecord(keyword: string, value: Uint8Array): Uint8Array {
  const rest = Buffer.concat([Buffer.from(` ${keyword}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (length !== rest.length + String(length).length)
    length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
