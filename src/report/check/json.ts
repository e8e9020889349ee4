/**
 * `elfdeps check --format json`: schema `elfdeps-check/1`, one document.
 */

import { jsonText } from '../json-text.js';
import { errorObject } from '../trace/json.js';
import type { CheckReport } from './check-report.js';

export const checkJson: CheckReport = {
  name: 'json',
  summary: 'schema elfdeps-check/1',
  format({ root, programs, errors }) {
    const document = {
      schema: 'elfdeps-check/1',
      root,
      programs: programs.map(({ closure, verdict, findings }) => ({
        path: closure.program.path,
        realPath: closure.program.realPath,
        verdict,
        findings: findings.map(
          ({ code, severity, path, message, seen, cause, remedy, consequences }) => ({
            code,
            severity,
            path,
            message,
            seen,
            cause,
            remedy,
            consequences,
          }),
        ),
      })),
      errors: errors.map(errorObject),
    };
    return `${jsonText(document)}\n`;
  },
};
