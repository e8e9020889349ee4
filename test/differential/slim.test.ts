/**
 * `elfdeps slim` on images that buildah builds: a base of this system's own packages, an application on
 * top in each way that buildah has, and the result unpacked by umoci does its job.
 */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command, describeWith } from '../support/requirement.js';
import {
  Containers,
  chrootRequirements,
  elfdepsResult,
  enter,
  succeed,
  sudo,
} from './containers.js';

const tools = ['buildah', 'skopeo', 'umoci', 'dpkg-query', 'apt-cache', 'gcc', 'tar'].map(command);

/** Makes the tar of a root with these packages and all that they depend on, as they are installed here. */
const MAKE_ROOT = `set -e
root=$1; tar=$2; shift 2
names=$(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts \\
  --no-breaks --no-replaces --no-enhances "$@" | grep '^[a-z0-9]' | sed 's/:any$//' | sort -u)
names=$(for name in $names; do dpkg-query -W -f '\${Package}\\n' "$name" 2>/dev/null || true; done | sort -u)
mkdir -p "$root/var/lib/dpkg/info" "$root/etc" "$root/tmp" "$root/usr/bin" "$root/usr/lib"
for name in bin sbin lib lib64; do
  [ ! -L /$name ] || { mkdir -p "$root/usr/$name"; ln -s "usr/$name" "$root/$name"; }
done
dpkg-query -L $names | grep '^/[^.]' | sort -u | sed 's,^/,,' > "$root/../list"
tar -C / --no-recursion --ignore-failed-read -T "$root/../list" -cf - 2>/dev/null |
  tar -C "$root" --keep-directory-symlink -xf - 2>/dev/null || true
dpkg-query -s $names > "$root/var/lib/dpkg/status"
for name in $names; do cp /var/lib/dpkg/info/$name.list /var/lib/dpkg/info/$name:*.list "$root/var/lib/dpkg/info/" 2>/dev/null || true; done
cp /etc/passwd /etc/group /etc/nsswitch.conf "$root/etc/"
tar -C "$root" -cf "$tar" .`;

const PROGRAM = `#include <stdio.h>
#include <string.h>
int main(void) {
  char line[64] = "";
  FILE *file = fopen("/srv/data/words.txt", "r");
  if (file == NULL || fgets(line, sizeof line, file) == NULL) return 1;
  printf("read %s", line);
  return 0;
}
`;

const ROWS = [
  {
    name: 'a C program',
    how: ['--layers'],
    dockerfile: [
      ...['COPY --chown=1234:5678 words.txt /srv/data/', 'COPY app /usr/local/bin/app'],
      ...['RUN chmod 4755 /usr/local/bin/app', 'LABEL job=c', 'ENTRYPOINT ["app"]'],
    ],
    words: ['/usr/local/bin/app'],
    stdout: 'read words\n',
    gone: ['usr/bin/python3', 'bin/bash', 'var/lib/dpkg'],
  },
  {
    name: 'a Python program in a venv',
    how: ['--layers=false'],
    dockerfile: [
      ...['RUN python3 -m venv --without-pip /opt/venv', 'COPY own.py /srv/app/own.py'],
      ...[
        'COPY app.py /srv/app/app.py',
        'WORKDIR /srv/app',
        'ENV PATH=/opt/venv/bin:/usr/bin:/bin',
      ],
      ...['CMD ["python", "app.py"]'],
    ],
    words: ['/opt/venv/bin/python', '/srv/app/app.py'],
    stdout: '/opt/venv {"a": [1, 2]} 6\n',
    gone: ['usr/bin/sed', 'bin/bash', 'var/lib/dpkg'],
  },
  {
    name: 'a script with its commands',
    how: ['--squash'],
    dockerfile: ['COPY entry.sh words.txt /srv/', 'ENTRYPOINT ["/srv/entry.sh"]', 'CMD ["cat"]'],
    words: ['/srv/entry.sh', '/bin/cat', '/tmp/made'],
    stdout: 'WORDS\n',
    gone: ['usr/bin/python3', 'var/lib/dpkg'],
  },
] as const;

const FILES = {
  'words.txt': 'words\n',
  'own.py': 'import math\ndef six(): return int(math.factorial(3))\n',
  'app.py':
    'import json, sys, own\nprint(sys.prefix, json.dumps({"a": [1, 2]}), own.six(), flush=True)\n',
  'entry.sh':
    '#!/bin/sh\nset -e\nupper=$(sed s/words/WORDS/ /srv/words.txt)\necho "$upper" > /tmp/made\nexec "$@"\n',
};

describeWith('slim', [...chrootRequirements, ...tools], () => {
  let containers: Containers;
  let context: string;
  beforeAll(() => {
    containers = new Containers();
    context = containers.makeDirectory();
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(context, name), text);
    succeed('chmod', '755', join(context, 'entry.sh'));
    writeFileSync(join(context, 'app.c'), PROGRAM);
    succeed('gcc', '-o', join(context, 'app'), join(context, 'app.c'));
    const root = join(containers.makeDirectory(), 'root');
    mkdirSync(root);
    const packages = ['python3', 'bash', 'coreutils', 'sed', 'dash', 'perl-base'];
    const made = sudo('sh', '-c', MAKE_ROOT, 'sh', root, join(context, 'root.tar'), ...packages);
    expect(made.stderr).toBe('');
    build('base', ['--layers'], ['FROM scratch', 'ADD root.tar /', 'CMD ["bash"]']);
  });
  afterAll(() => containers.close());

  function build(tag: string, how: readonly string[], lines: readonly string[]): void {
    writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
    const policy = ['--signature-policy', join(containers.directory, 'policy.json')];
    const { status, stderr } = containers.buildah(
      ...['build', '--isolation', 'chroot', '--pull-never', ...how, ...policy],
      ...['--tag', `localhost/${tag}:1`, context],
    );
    expect(status, stderr).toBe(0);
  }

  it.each(ROWS)('$name ($how) does its job', ({ how, dockerfile, words, stdout, gone }) => {
    build('app', how, ['FROM localhost/base:1', ...dockerfile]);
    const at = containers.makeDirectory();
    const [archive, slim] = [join(at, 'app.tar'), join(at, 'slim.tar')];
    const policy = ['--signature-policy', join(containers.directory, 'policy.json')];
    const pushed = containers.buildah(
      ...['push', '-q', ...policy, 'localhost/app:1', `docker-archive:${archive}:app:1`],
    );
    expect(pushed.status, pushed.stderr).toBe(0);
    const result = elfdepsResult('slim', archive, '-o', slim, '--format', 'json');
    expect(result.status, result.stderr).toBe(0);
    const [report] = JSON.parse(result.stderr).images;
    expect(report.base === null).toBe(how[0] === '--squash');
    expect(report.after.bytes).toBeLessThan(report.before.bytes / 2);

    const source = `docker-archive:${slim}`;
    const config = (from: string) =>
      JSON.parse(succeed('skopeo', 'inspect', '--config', from)).config;
    expect(config(source)).toEqual(config(`docker-archive:${archive}`));
    const copy = ['--insecure-policy', 'copy', '-q', source, `oci:${join(at, 'oci')}:x`];
    succeed('skopeo', ...copy);
    const bundle = join(at, 'bundle');
    expect(sudo('umoci', 'unpack', '--image', `${join(at, 'oci')}:x`, bundle).status).toBe(0);
    const tree = join(bundle, 'rootfs');
    const ran = enter(tree, ...words);
    expect(ran).toEqual({ status: 0, stdout, stderr: '' });
    const there = gone.filter((path) => sudo('test', '-e', join(tree, path)).status === 0);
    expect(there).toEqual([]);
    if (how[0] !== '--layers') return;
    const { uid, gid } = statSync(join(tree, 'srv/data/words.txt'));
    const { mode } = statSync(join(tree, 'usr/local/bin/app'));
    expect([uid, gid, mode & 0o7777]).toEqual([1234, 5678, 0o4755]);
  });
});
