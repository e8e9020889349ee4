/**
 * Removes what was written aside and is not wanted. A signal waits for it, so each file costs one call to the
 * system; `rm` of node:fs makes several.
 */
import fs from 'node:fs';
import nodePath from 'node:path';

/** Removes a directory with everything in it. It need not be there. Throws what the system says. */
export function removeTree(directory: string): void {
  try {
    empty(directory);
  } catch {
    // Something else is at work there, or has taken rights away.
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function empty(directory: string): void {
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const path = nodePath.join(directory, entry.name);
    if (entry.isDirectory()) empty(path);
    else fs.unlinkSync(path);
  }
  fs.rmdirSync(directory);
}
