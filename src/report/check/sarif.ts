/**
 * `elfdeps check --format sarif`: findings for code scanning in CI, as SARIF 2.1.0 (OASIS).
 * A finding is a result of the rule that its code names; its place is the program as the user typed
 * it, which in CI is the file to annotate.
 */

import type { Finding, FindingRule } from '../../finding.js';
import { jsonText } from '../json-text.js';
import type { CheckReport, CheckReportInput } from './check-report.js';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** `rules` are those of every code that a finding can have. */
export const sarif = (rules: readonly FindingRule[]): CheckReport => ({
  name: 'sarif',
  summary: 'SARIF 2.1.0, for code scanning',
  format(input) {
    const { programs, errors, version } = input;
    const findings = programs.flatMap((program) => program.findings);
    const codes = [...new Set(findings.map(({ code }) => code))];
    const log = {
      $schema: SCHEMA,
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'elfdeps',
              version,
              rules: codes.map((code) => ruleOf(code, rules)),
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
          results: findings.map((finding) => resultOf(finding, codes, input)),
        },
      ],
    };
    return `${jsonText(log)}\n`;
  },
});

/** In general words: code scanning shows them beside every result of the rule. */
function ruleOf(code: string, rules: readonly FindingRule[]): object {
  const rule = rules.find((each) => each.code === code);
  if (rule === undefined) return { id: code };
  const { summary, cause, remedy } = rule;
  return {
    id: code,
    shortDescription: { text: summary },
    fullDescription: { text: `${cause} ${remedy}` },
    help: { text: `Cause: ${cause}\n\nRemedy: ${remedy}` },
  };
}

function resultOf(finding: Finding, codes: readonly string[], input: CheckReportInput): object {
  const { code, severity, program, path, message, seen, cause, remedy, consequences } = finding;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: `${message}. Cause: ${cause}. Remedy: ${remedy}.` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(program, input) } },
        logicalLocations: [{ fullyQualifiedName: path }],
      },
    ],
    properties: { program, path, seen, consequences },
  };
}

/**
 * A file of this machine as the user typed it, so that a relative path stays relative to the working
 * directory; a file of another root relative to that. Each part is percent-encoded.
 */
function uriOf(program: string, input: CheckReportInput): string {
  const name = input.names.get(program);
  const typed = name ?? program;
  const parts = typed.replace(/^(?:\.?\/+)+/, '').split(/\/+/);
  // A program that the user did not name is a path in the root that is checked, maybe an image.
  const isHost = input.root === '/';
  const isOfHost = name === undefined ? isHost : (input.namesOfHost ?? isHost);
  const start = isOfHost && typed.startsWith('/') ? 'file:///' : '';
  return start + parts.map(encodePart).join('/');
}

/** File names need not be Unicode: what has no UTF-8 is replaced, since a URI must be valid. */
function encodePart(part: string): string {
  return encodeURIComponent(part.replaceAll(/\p{Cs}/gu, '\ufffd'));
}
