/**
 * The NUL-terminated strings among the bytes of a loader's file. Loaders keep their built-in paths
 * there, so that a root's own loader tells what no table of distributions could.
 */

const MIN_LENGTH = 4;
const MAX_LENGTH = 4096;

/** One character a byte, so that a match can be trusted whatever the bytes around it are. */
export function latin1Text(bytes: Uint8Array): string {
  // A TextDecoder for latin1 takes milliseconds, which is much of a short run.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Every run of 4 to 4096 printable ASCII characters that a NUL ends, in file order. */
export function embeddedStrings(bytes: Uint8Array): readonly string[] {
  const strings: string[] = [];
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x20 && byte <= 0x7e) continue;
    const length = at - start;
    if (byte === 0 && length >= MIN_LENGTH && length <= MAX_LENGTH)
      strings.push(latin1Text(bytes.subarray(start, at)));
    start = at + 1;
  }
  return strings;
}

/** Of such strings, the colon-separated lists of absolute directories of libraries. */
export function searchPathsIn(strings: readonly string[]): readonly string[] {
  return strings.filter(
    (text) => text.includes(':') && text.split(':').every((part) => /^\/(?:.*\/)?lib/.test(part)),
  );
}
