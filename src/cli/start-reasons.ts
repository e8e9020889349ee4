/**
 * Why a program of a trace is not started whose interpreter is missing: what `check` says of the
 * interpreter and of the C library, for the report.
 */
import { Checker } from '../check/check-closure.js';
import { interpreter } from '../check/start/interpreter.js';
import { libcFamily } from '../check/start/libc-family.js';
import type { Closure } from '../closure/closure.js';
import type { Trace } from '../closure/trace.js';
import type { StartReason } from '../report/trace/report.js';

/** Looks at the root when the first program asks. */
export function startReasons(trace: Trace): (closure: Closure) => StartReason | undefined {
  let checker: Checker | undefined;
  return (closure) => {
    checker ??= new Checker(trace, {}, [interpreter, libcFamily]);
    const finding = checker.check(closure).find(({ severity }) => severity === 'error');
    if (finding === undefined) return undefined;
    const { code, cause, remedy } = finding;
    return { cause, remedy, explainsLibraries: code === 'LIBC_MISMATCH' };
  };
}
