/**
 * gzip as a compression kind, decoded by node:zlib.
 * Source: RFC 1952.
 */
import zlib from 'node:zlib';
import type { CompressionKind } from './archive-kind.js';
import { CHUNK_SIZE, throughZlib } from './zlib-stream.js';

export const gzip: CompressionKind = {
  name: 'gzip',
  recognizes: ([first, second, method]) => first === 0x1f && second === 0x8b && method === 8,
  decompress: (chunks) => throughZlib(chunks, zlib.createGunzip({ chunkSize: CHUNK_SIZE })),
};
