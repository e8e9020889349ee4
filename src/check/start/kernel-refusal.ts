/**
 * How execve(2) refuses a program, and what is seen then: runc prints the error in the words of Go,
 * shells print it in those of the C library or in words of their own.
 */
import { describeErrno } from '../../errors.js';
import type { KernelError } from '../../finding.js';

/** The error in the words of the C library, as in `Permission denied`. */
export function strerror(error: KernelError): string {
  const words = describeErrno(error);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * The fields of a fact about a program that the kernel does not start. `shells` are the lines that
 * shells print; without them, that of bash.
 */
export function refusal(
  error: KernelError,
  program: string,
  shells: readonly string[] = [`${program}: ${strerror(error)}`],
) {
  return {
    seen: [`exec ${program}: ${describeErrno(error)}`, ...shells].join('\n'),
    refusedByKernel: true,
    kernelError: error,
  } as const;
}

/** The kernel runs no files of this kind. */
export function noProgram(program: string) {
  return refusal('ENOEXEC', program, [
    `${program}: cannot execute binary file: ${strerror('ENOEXEC')}`,
  ]);
}

/** The interpreter of a program is not there. */
export function noInterpreter(program: string) {
  return refusal('ENOENT', program, [
    `${program}: cannot execute: required file not found`,
    `${program}: not found`,
  ]);
}
