/**
 * The process: connects a command line to this machine's streams. The only file beside terminal
 * detection that knows `process`.
 */
import { main } from './main.js';

process.stdout.on('error', stopWriting);
// Where nobody listens there is nothing to tell; the exit code stays what it is.
process.stderr.on('error', () => {});

main(process.argv.slice(2), {
  out(text) {
    try {
      process.stdout.write(text);
    } catch (error) {
      // Files are written at once, and their errors are thrown.
      stopWriting(error as Error);
    }
  },
  err: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stdout.isTTY === true,
}).then((exitCode) => {
  process.exitCode = exitCode;
});

/** `elfdeps ... | head` closes the pipe early, which is not our failure; a full disk is. */
function stopWriting(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`elfdeps: standard output: ${error.message}\n`);
  process.exit(2);
}
