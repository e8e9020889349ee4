/** The part of node:assert that elfy calls, and only when it parses section headers. */
export function equal(actual, expected) {
  if (actual !== expected) throw new Error(`expected ${expected}, got ${actual}`);
}
