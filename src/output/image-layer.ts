/**
 * The layer of an image: a plan's tar, compressed into a temporary file, with the digests of both.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { OutputError } from '../errors.js';
import type { ImagePlan } from '../image/image-plan.js';
import type { Root } from '../root/root.js';
import { drain, requireNotAborted } from './byte-sink.js';
import { type Blob, TYPES } from './image-blob.js';
import { tarPieces } from './tar.js';
import type { TarEncoder } from './tar-encoder.js';

/** How a layer is compressed; `none` is a plain tar. */
export type Compression = 'gzip' | 'zstd' | 'none';

/** How a layer is made. */
interface LayerOptions {
  readonly compression: Compression;
  readonly signal?: AbortSignal;
  /** Called with the length of each piece of the tree that was passed on. */
  readonly onBytes?: (length: number) => void;
}

/** A layer in its file. */
export interface Layer {
  readonly blob: Blob;
  /** The digest of the tar before compression. */
  readonly diffId: string;
}

/**
 * Writes the layer to a file first, because the archive has its size and digest before it. Throws
 * {@link OutputError} if this Node.js has no zstd.
 */
export async function writeLayer(
  { plan, root }: { readonly plan: ImagePlan; readonly root: Root },
  file: string,
  encoder: TarEncoder,
  { compression, signal, onBytes }: LayerOptions,
): Promise<Layer> {
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  let size = 0;
  const fd = fs.openSync(file, 'wx');
  try {
    const pieces = function* () {
      for (const piece of tarPieces(plan, root, encoder)) {
        requireNotAborted(signal);
        plain.update(piece);
        onBytes?.(piece.length);
        if (piece.length > 0) yield piece;
      }
    };
    const write = (piece: Uint8Array) => {
      packed.update(piece);
      size += piece.length;
      fs.writeFileSync(fd, piece);
    };
    const compressor = compressorOf(compression);
    if (compressor === undefined) await drain(pieces(), write, { signal });
    // The signal ends what is in the compressor too, instead of the next piece alone.
    else await pipeline(Readable.from(pieces()), compressor, writableOf(write), { signal });
  } catch (error) {
    requireNotAborted(signal);
    throw error;
  } finally {
    fs.closeSync(fd);
  }
  const digest = `sha256:${packed.digest('hex')}`;
  const blob = { mediaType: TYPES.layer[compression], digest, size, file };
  return { blob, diffId: `sha256:${plain.digest('hex')}` };
}

/** A stream, because a pipeline hides the error of an async function behind ABORT_ERR. */
function writableOf(write: (piece: Uint8Array) => void): Writable {
  return new Writable({
    write: (piece: Uint8Array, _encoding, done) => {
      try {
        write(piece);
      } catch (error) {
        done(error as Error);
        return;
      }
      done();
    },
  });
}

function compressorOf(compression: Compression): NodeJS.ReadWriteStream | undefined {
  if (compression === 'none') return undefined;
  if (compression === 'gzip') return zlib.createGzip();
  // Node.js has zstd from 22.15 and 23.8 on.
  const { createZstdCompress } = zlib as { createZstdCompress?: () => NodeJS.ReadWriteStream };
  if (createZstdCompress === undefined)
    throw new OutputError('OUTPUT_FAILED', 'this Node.js has no zstd', {
      hint: 'use --compression gzip, or Node.js 22.15 or later',
    });
  return createZstdCompress();
}
