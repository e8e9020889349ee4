/**
 * The formats of the report: the only list of them.
 */
import { html } from '../report/html/html.js';
import { dot } from '../report/trace/dot.js';
import { json, ndjson } from '../report/trace/json.js';
import { ldd } from '../report/trace/ldd.js';
import { list } from '../report/trace/list.js';
import { mermaid } from '../report/trace/mermaid.js';
import type { Report } from '../report/trace/report.js';
import { text } from '../report/trace/text.js';
import { tree } from '../report/trace/tree.js';

/** Every report format, the default first. */
export const reports: readonly Report[] = [text, ldd, list, tree, json, ndjson, dot, mermaid, html];
