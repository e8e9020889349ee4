/**
 * The inputs that the fuzzer begins with: the seeds of a format, and files in `corpus/` that earlier runs
 * found to reach further. Each is packed by gzip and named by the digest of its bytes.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import zlib from 'node:zlib';
import type { Format } from './format.js';

/** Inputs of one format, in a directory for all. */
export class Corpus {
  readonly inputs: Uint8Array[];
  readonly #place: string;

  /** `directory` is that of all formats; it need not exist. */
  constructor(format: Format, directory: string) {
    this.#place = nodePath.join(directory, format.name.replaceAll(/[^a-z0-9]+/gi, '-'));
    this.inputs = [...format.seeds(), ...this.#stored()];
  }

  #stored(): Uint8Array[] {
    if (!fs.existsSync(this.#place)) return [];
    const names = fs.readdirSync(this.#place).sort();
    return names.map((name) => new Uint8Array(zlib.gunzipSync(this.#bytes(name))));
  }

  #bytes(name: string): Uint8Array {
    return fs.readFileSync(nodePath.join(this.#place, name));
  }

  /** Keeps an input for later runs. */
  store(input: Uint8Array): void {
    fs.mkdirSync(this.#place, { recursive: true });
    const name = createHash('sha256').update(input).digest('hex').slice(0, 12);
    fs.writeFileSync(nodePath.join(this.#place, `${name}.gz`), zlib.gzipSync(input, { level: 9 }));
  }
}
