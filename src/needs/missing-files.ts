/**
 * The usual absence of a need: the program has the evidence, and the root has none of the files. The
 * program starts, and fails or answers something else when it comes to them.
 */
import type { Fact, FindingRule, Severity } from '../finding.js';
import type { LoadedObject } from '../loader/loader.js';
import type { Evidence } from './evidence.js';
import type { NeedAbsence } from './need.js';
import type { ProgramFacts } from './program-facts.js';

/** Which files a program asks for, and what to say where the root has none of them. */
interface MissingFiles<Code extends string> {
  readonly rule: FindingRule<Code>;
  /** By default the first level of the rule. */
  readonly severity?: (facts: ProgramFacts) => Severity;
  /** That the program asks for them; undefined where nothing speaks for that. */
  readonly evidence: (facts: ProgramFacts) => Evidence | undefined;
  /** Any one of these paths is enough. Undefined where the paths are not known: then no finding. */
  readonly paths: (facts: ProgramFacts) => readonly string[] | undefined;
  /** What the root has instead, behind `and the root has`: `no time zones`. */
  readonly what: string | ((facts: ProgramFacts) => string);
  /** What the program prints then; undefined where it says nothing, or its own words. */
  readonly seen?: string | ((facts: ProgramFacts) => string | undefined);
  /** Those of the rule, unless given. */
  readonly cause?: string;
  readonly remedy?: string;
}

/** The absence of these files. */
export function missingFiles<const Code extends string>(
  files: MissingFiles<Code>,
): NeedAbsence<Code> {
  const { rule, what, seen, cause, remedy } = files;
  return {
    rules: [rule],
    check(facts): Fact<Code>[] {
      const evidence = files.evidence(facts);
      const paths = evidence && files.paths(facts);
      if (evidence === undefined || paths === undefined) return [];
      if (paths.some((path) => facts.existing(path).length > 0)) return [];
      const { path } = evidence.object;
      return [
        {
          code: rule.code,
          severity: files.severity?.(facts) ?? rule.levels[0] ?? 'note',
          path,
          message: `${path}: ${evidence.text}, and the root has ${typeof what === 'function' ? what(facts) : what}`,
          seen: typeof seen === 'function' ? seen(facts) : seen,
          cause,
          remedy,
        },
      ];
    },
  };
}

/** Evidence that an object is loaded; undefined where there is no such object. */
export function isLoaded(object: LoadedObject | undefined): Evidence | undefined {
  return object && { object, text: 'is loaded' };
}
