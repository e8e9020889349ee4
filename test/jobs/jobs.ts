/** All jobs, in the order of docs/jobs.md. */
import { type Job, KINDS } from './job.js';
import { assembledJobs } from './list/assembled.js';
import { commandJobs } from './list/commands.js';
import { connectedJobs } from './list/connected.js';
import { dataJobs } from './list/data.js';
import { fontJobs } from './list/fonts.js';
import { languageJobs } from './list/languages.js';
import { muslJobs } from './list/musl.js';
import { pluginJobs } from './list/plugins.js';
import { serverJobs } from './list/servers.js';

const order = Object.keys(KINDS);

export const jobs: readonly Job[] = [
  ...dataJobs,
  ...pluginJobs,
  ...fontJobs,
  ...languageJobs,
  ...serverJobs,
  ...commandJobs,
  ...assembledJobs,
  ...connectedJobs,
  ...muslJobs,
].sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
