/**
 * The process: connects a command line to this machine's streams. The only file beside terminal
 * detection that knows `process`.
 */
import { main } from './main.js';

// `elfdeps ... | head` closes the pipe early, which is not our failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stdout.isTTY === true,
});
