/**
 * A server on this machine for https://localhost, whose certificate no bundle has until a test puts it
 * there: openssl s_server, which answers every request with a page.
 */
import { spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { findCommand } from '../support/requirement.js';
import { succeed } from './containers.js';

export interface TlsServer {
  readonly port: string;
  /** The file of its certificate, which is its own authority. */
  readonly certificate: string;
  stop(): void;
}

/** Makes a certificate of localhost that is its own authority, and its key, in a directory. */
export function makeCertificate(directory: string): { key: string; certificate: string } {
  const openssl = findCommand('openssl') as string;
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const common = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
  succeed(openssl, ...common, '-keyout', key, '-out', certificate);
  return { key, certificate };
}

/** Starts one; `directory` takes its key. It may need a second before it answers. */
export async function startTlsServer(directory: string): Promise<TlsServer> {
  const openssl = findCommand('openssl') as string;
  const { key, certificate } = makeCertificate(directory);
  const port = String(await freePort());
  const words = ['s_server', '-accept', port, '-cert', certificate, '-key', key, '-www', '-quiet'];
  const server = spawn(openssl, words, { stdio: 'ignore' });
  return { port, certificate, stop: () => server.kill() };
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
