/**
 * `elfdeps check --format sarif`: findings for code scanning in CI, as SARIF 2.1.0 (OASIS).
 * A finding is a result of the rule that its code names; its place is the file it is about.
 */
import type { Finding } from '../check/finding.js';
import type { CheckReport } from './check-report.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

export const sarif: CheckReport = {
  name: 'sarif',
  summary: 'SARIF 2.1.0, for code scanning',
  format({ programs, errors, version }) {
    const findings = programs.flatMap((program) => program.findings);
    const rules = [...new Map(findings.map((finding) => [finding.code, finding])).values()];
    const log = {
      $schema: SCHEMA,
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'elfdeps',
              version,
              rules: rules.map(({ code, cause }) => ({
                id: code,
                shortDescription: { text: cause },
              })),
            },
          },
          invocations: [
            {
              executionSuccessful: errors.length === 0,
              toolExecutionNotifications: errors.map(({ code, message }) => ({
                level: 'error',
                descriptor: { id: code },
                message: { text: message },
              })),
            },
          ],
          results: findings.map((finding) => resultOf(finding, rules)),
        },
      ],
    };
    return `${JSON.stringify(log, null, 2)}\n`;
  },
};

function resultOf(finding: Finding, rules: readonly Finding[]): object {
  const { code, severity, program, path, message, seen, remedy } = finding;
  return {
    ruleId: code,
    ruleIndex: rules.findIndex((rule) => rule.code === code),
    level: severity,
    message: { text: `${message}. ${remedy}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(program) } },
        logicalLocations: [{ fullyQualifiedName: path }],
      },
    ],
    properties: { program, path, ...(seen === undefined ? {} : { seen }) },
  };
}

/** Relative to the root, each part percent-encoded, as code scanning wants it. */
function uriOf(path: string): string {
  return path.replace(/^\/+/, '').split('/').map(encodePart).join('/');
}

/** File names need not be Unicode: what has no UTF-8 is replaced, since a URI must be valid. */
function encodePart(part: string): string {
  return encodeURIComponent(part.replaceAll(/\p{Cs}/gu, '\ufffd'));
}
