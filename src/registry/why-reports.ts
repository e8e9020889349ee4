/**
 * The formats of the answer to why: the only list of them.
 */
import { whyJson } from '../report/why/json.js';
import { type WhyReport, whyText } from '../report/why/why.js';

/** Every format of the answer to why, the default first. */
export const whyReports: readonly WhyReport[] = [whyText, whyJson];
