/**
 * A name server that says of every name that it does not exist, in a process of its own, since the
 * tests wait for programs without giving way to others.
 */
import { type ChildProcess, spawn } from 'node:child_process';

/** Where it listens; nobody else does. */
export const REFUSING_DNS = '127.0.0.77';

const SERVER = `
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (query, from) => {
  const answer = Buffer.from(query);
  answer[2] |= 0x80; // a response
  answer[3] = 0x83;  // recursion available, NXDOMAIN
  socket.send(answer, from.port, from.address);
});
socket.bind(53, '${REFUSING_DNS}', () => console.log('ready'));
`;

/** Resolves when it listens; kill it at the end. */
export function startRefusingDns(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`the name server ended with ${code}`)));
  });
}
