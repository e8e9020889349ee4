/**
 * Files that unpack the real program when they run: what they need cannot be seen from outside, and
 * ldd calls them static.
 */
import { findPacker } from '../needs/packed.js';
import type { Check } from './check.js';

export const checkPacked: Check = ({ closure, files }) => {
  const packer = findPacker(closure.program, files);
  if (packer === undefined) return [];
  const { path } = closure.program;
  return [
    {
      code: 'PACKED',
      severity: 'warning',
      path,
      message: `${path}: packed by ${packer.name}, the program inside may need more than is seen here`,
      seen: `ldd ${path}: not a dynamic executable`,
      cause:
        'the file unpacks the real program when it runs, and that has an interpreter and libraries of its own',
      remedy: packer.unpack,
    },
  ];
};
