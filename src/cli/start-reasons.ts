/**
 * Why a program of a trace is not started whose interpreter is missing: what `check` says of that, for the
 * report.
 */
import { Checker } from '../check/check-closure.js';
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import { startChecks } from '../registry/checks.js';
import type { StartReason } from '../report/trace/report.js';

/** Looks at the root when the first program asks. */
export function startReasons(trace: Trace): (closure: Closure) => StartReason | undefined {
  let checker: Checker | undefined;
  return (closure) => {
    checker ??= new Checker(trace, {}, startChecks);
    // What the kernel does not find, or finds as something else, is the interpreter.
    const finding = checker
      .check(closure)
      .find(
        ({ kernelError, path }) => kernelError === 'ENOENT' || path === closure.interpreter?.path,
      );
    if (finding === undefined) return undefined;
    const { code, cause, remedy } = finding;
    return { cause, remedy, explainsLibraries: code === 'LIBC_MISMATCH' };
  };
}
