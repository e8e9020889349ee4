/**
 * Names on disk that are not UTF-8, which Node.js gives and takes as bytes only.
 */
import { decodeText } from '../elf/byte-source.js';

/**
 * Names that are not UTF-8, one character a byte as everywhere here, and the bytes on disk that they
 * stand for. A path of a root finds them once their directory was listed.
 */
export class OddNames {
  readonly #onDisk = new Map<string, Buffer>();

  /** Whether a path may be of such a name: none of its characters is more than a byte. */
  static isPossible(path: string): boolean {
    return /[\x80-\xff]/.test(path) && !/[^\0-\xff]/.test(path);
  }

  /** The name of an entry of `directory`, which is at `place` on disk. */
  add(directory: string, place: string | Buffer, bytes: Buffer): string {
    const name = decodeText(bytes);
    if (!Buffer.from(name).equals(bytes))
      this.#onDisk.set(`${directory}/${name}`, Buffer.concat([asBytes(place), SLASH, bytes]));
    return name;
  }

  /** Where a path is on disk; undefined when all its names are text. */
  find(path: string): Buffer | undefined {
    if (this.#onDisk.size === 0) return undefined;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const place = this.#onDisk.get(path.slice(0, end));
      if (place !== undefined) return Buffer.concat([place, Buffer.from(path.slice(end))]);
    }
    return undefined;
  }
}

function asBytes(path: string | Buffer): Buffer {
  return typeof path === 'string' ? Buffer.from(path) : path;
}

const SLASH = Buffer.from('/');
