/**
 * The NUL-terminated strings among the bytes of a loader's file. Loaders keep their built-in paths
 * there, so that a root's own loader tells what no table of distributions could.
 */

/** Every run of four or more printable ASCII characters that a NUL ends, in file order. */
export function embeddedStrings(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder('latin1').decode(bytes);
  return Array.from(text.matchAll(/([\x20-\x7e]{4,})\0/g), (match) => match[1] as string);
}

/** Of such strings, the colon-separated lists of absolute directories of libraries. */
export function searchPathsIn(strings: readonly string[]): readonly string[] {
  return strings.filter(
    (text) => text.includes(':') && text.split(':').every((part) => /^\/(?:.*\/)?lib/.test(part)),
  );
}
