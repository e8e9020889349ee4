/**
 * `--format html`, as a format of the report. What makes the page is loaded when one is wanted.
 */
import type { Report } from '../trace/report.js';
import { formatHtml } from './format-html.js';

export const html: Report = {
  name: 'html',
  summary: 'one page for a browser, with tables, a treemap and a graph',
  needs: 'always',
  wantsChecks: true,
  format: formatHtml,
};
