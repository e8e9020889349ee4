/**
 * Programs of Go, of which no import shows what they open: what elfdeps reads out of them is what they
 * print themselves, and in a tree that `elfdeps copy` has made they trust whom its bundle names.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, describeWith, findCommand } from '../support/requirement.js';
import { Containers, chrootRequirements, elfdeps, enterWith, run } from './containers.js';
import { startTlsServer, type TlsServer } from './tls-server.js';

const tools = ['buildah', 'skopeo', 'openssl', 'curl'].map(command);

describeWith('programs of Go', [...chrootRequirements, ...tools], () => {
  let containers: Containers;
  let server: TlsServer;

  beforeAll(async () => {
    containers = new Containers();
    server = await startTlsServer(containers.makeDirectory());
  });
  afterAll(() => {
    server?.stop();
    containers.close();
  });

  it('the release that built them, as they say', () => {
    const buildah = findCommand('buildah') as string;
    const said = /^Go Version:\s+(\S+)$/m.exec(run(buildah, 'version').stdout)?.[1];
    expect(said).toMatch(/^go1\.\d+/);
    const [program] = JSON.parse(elfdeps(buildah, '--needs', '--format', 'json')).programs;
    const certs = program.runtimeNeeds.find(({ kind }: { kind: string }) => kind === 'certs');
    expect(certs.because).toBe(`${buildah} has crypto/x509.loadSystemRoots (${said}, with cgo)`);
  });

  it('certificates', () => {
    const skopeo = findCommand('skopeo') as string;
    const url = `localhost:${server.port}`;
    const curl = ['-sS', '--retry', '20', '--retry-connrefused', '--retry-delay', '1'];
    const answer = run('curl', ...curl, '--cacert', server.certificate, `https://${url}`);
    expect(answer.status).toBe(0);
    const bundle = '/etc/ssl/certs/ca-certificates.crt';
    // A root of its own, so that this machine's bundle stays what it is.
    const root = join(containers.makeDirectory(), 'root');
    elfdeps('copy', skopeo, '-q', '--to', root);
    copyFileSync(server.certificate, join(root, bundle));
    const inTree = (...more: readonly string[]) => {
      const tree = join(containers.makeDirectory(), 'tree');
      elfdeps('copy', '--root', root, skopeo, '-q', '--to', tree, ...more);
      return enterWith([], tree, skopeo, 'inspect', `docker://${url}/x`).stderr;
    };
    // The page is no manifest, which is as far as it gets.
    expect(inTree()).toContain('Error parsing manifest');
    expect(inTree('--without', 'certs')).toContain('x509: certificate signed by unknown authority');
  });
});
