/**
 * What a test needs of the machine it runs on: a tool, a privilege, a loader. Where that is absent
 * the tests are skipped and their name says why. With ELFDEPS_REQUIRE_ALL=1 they fail instead, so
 * that where everything is installed a skip never counts as a pass.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

export interface Requirement {
  /** Named in `needs ...`: a tool's name, or a few words. */
  readonly what: string;
  readonly isThere: boolean;
}

/** A requirement from a fact. */
export function requirement(what: string, isThere: boolean): Requirement {
  return { what, isThere };
}

/** The requirement that a command is somewhere in PATH. */
export function command(name: string): Requirement {
  return { what: name, isThere: findCommand(name) !== undefined };
}

/** The file that a command's name means, by PATH; undefined when none does. */
export function findCommand(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/** `describe` for tests that need all of `requirements`; `body` runs only where they are there. */
export function describeWith(
  name: string,
  requirements: readonly Requirement[],
  body: () => void,
): void {
  const absent = requirements.filter(({ isThere }) => !isThere).map(({ what }) => what);
  if (absent.length === 0) {
    describe(name, body);
    return;
  }
  const reason = `needs ${absent.join(', ')}`;
  if (process.env.ELFDEPS_REQUIRE_ALL === '1') {
    it(name, () => {
      throw new Error(`${reason}, and ELFDEPS_REQUIRE_ALL=1 asks for every test`);
    });
  } else it.skip(`${name} (${reason})`, () => {});
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
