/** Programs that start others, and programs that read catalogs, terminals, locales, and accounts. */
import { job } from '../job.js';

export const commandJobs = [
  job(
    'git',
    'commands',
    'Git',
    'git',
    '/usr/bin/git',
    `
    export VARS='GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_AUTHOR_DATE=2001-01-01T00:00:00Z GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_COMMITTER_DATE=2001-01-01T00:00:00Z'
    run /usr/bin/git init -q /tmp/r; echo x > $T/tmp/r/f; printf '#!/bin/sh\\necho hook ran >&2\\n' > $T/tmp/r/.git/hooks/pre-commit; chmod 755 $T/tmp/r/.git/hooks/pre-commit
    run /usr/bin/git -C /tmp/r add f && run /usr/bin/git -C /tmp/r commit -q -m one 2>&1; run /usr/bin/git -C /tmp/r log --format='%h %s'
    run /usr/bin/git clone -q /tmp/r /tmp/c && run /usr/bin/git -C /tmp/c repack -adq && cat $T/tmp/c/f`,
  ),
  job(
    'man',
    'commands',
    'man-db',
    'man-db',
    '/usr/bin/man',
    `
    printf '.TH A 1\\n.SH NAME\\na \\\\- does a thing\\n.TS\\nl l.\\nx\\ty\\n.TE\\n' > $T/tmp/a.1; VARS='MANWIDTH=60' run /usr/bin/man -P /bin/cat -l /tmp/a.1 2> /dev/null | grep -v '^$'`,
  ),
  job(
    'gpg',
    'commands',
    'GnuPG',
    'gnupg',
    '/usr/bin/gpg',
    `
    run /usr/bin/gpg --batch --quiet --passphrase '' --quick-generate-key 'A <a@example.org>' ed25519 sign never 2> /dev/null; echo text | run /usr/bin/gpg --batch --quiet --clearsign > $T/tmp/signed
    run /usr/bin/gpg --verify /tmp/signed 2>&1 | grep -o 'Good signature from.*'; run /usr/bin/gpg --decrypt /tmp/signed 2> /dev/null`,
  ),
  job(
    'subversion',
    'commands',
    'Subversion',
    'subversion',
    '/usr/bin/svn /usr/bin/svnadmin',
    `
    run /usr/bin/svnadmin create /tmp/r && run /usr/bin/svn mkdir -q -m 'a directory' file:///tmp/r/trunk && run /usr/bin/svn checkout -q file:///tmp/r/trunk /tmp/w
    echo x > $T/tmp/w/f; run /usr/bin/svn add -q /tmp/w/f; run /usr/bin/svn commit -q -m 'a file' /tmp/w && run /usr/bin/svn ls file:///tmp/r/trunk && run /usr/bin/svnadmin verify -q /tmp/r`,
  ),
  job(
    'make',
    'commands',
    'GNU Make',
    'make',
    '/usr/bin/make',
    "printf 'all: a\\n\\t@echo built $<;\\na:\\n\\t@echo made > $@ && test -s a\\n' > $T/tmp/Makefile; run /usr/bin/make -C /tmp --no-print-directory",
  ),
  job(
    'tar',
    'commands',
    'GNU Tar',
    'tar xz-utils',
    '/usr/bin/tar',
    'echo content > $T/tmp/a; run /usr/bin/tar -C /tmp -cJf /tmp/a.tar.xz a && run /usr/bin/tar -tf /tmp/a.tar.xz && run /usr/bin/tar -xOf /tmp/a.tar.xz a',
  ),
  job(
    'xsltproc',
    'catalog',
    'libxslt',
    'xsltproc docbook-xsl',
    '/usr/bin/xsltproc',
    `
    printf '<article><title>T</title><para>words</para></article>' > $T/tmp/a.xml
    run /usr/bin/xsltproc --nonet http://docbook.sourceforge.net/release/xsl/current/html/docbook.xsl /tmp/a.xml 2> /dev/null | grep -o '<p>words</p>\\|<title>T</title>'`,
  ),
  job(
    'tmux',
    'terminal',
    'tmux',
    'tmux',
    '/usr/bin/tmux',
    `
    export VARS='LC_ALL=C.UTF-8 TERM=xterm'; run /usr/bin/tmux -f /dev/null new-session -d -x 40 -y 5 'echo in a pane; read line'
    for try in $(seq 30); do run /usr/bin/tmux capture-pane -p | grep . && break; sleep 0.2; done`,
  ),
  job(
    'tput',
    'terminal',
    'ncurses',
    'ncurses-bin ncurses-base',
    '/usr/bin/tput',
    'VARS=TERM=xterm-256color run /usr/bin/tput setaf 1 | od -An -c; VARS=TERM=linux run /usr/bin/tput cols',
  ),
  job(
    'date',
    'locale',
    'GNU coreutils',
    'coreutils tzdata locales',
    '/usr/bin/date',
    "VARS='LC_ALL=fr_FR.UTF-8 TZ=Europe/Paris' run /usr/bin/date -d @1700000000 '+%A %H:%M %Z'",
    { setup: 'localedef -i fr_FR -f UTF-8 fr_FR.UTF-8' },
  ),
  job(
    'iconv',
    'locale',
    'glibc',
    'libc-bin',
    '/usr/bin/iconv',
    "printf '\\244 \\351' | run /usr/bin/iconv -f ISO-8859-15 -t UTF-8; printf 'é' | run /usr/bin/iconv -f UTF-8 -t UTF-16BE | od -An -tx1",
  ),
  job(
    'sudo',
    'accounts',
    'Sudo',
    'sudo coreutils',
    '/usr/bin/sudo /usr/bin/id',
    'run /usr/bin/sudo -u nobody /usr/bin/id -un && run /usr/bin/sudo -l -U root | tail -n 1',
  ),
  job(
    'wget',
    'accounts',
    'GNU Wget',
    'wget openssl ca-certificates',
    '/usr/bin/wget',
    `
    (aside openssl s_server -quiet -www -accept 4443 -cert /usr/local/share/ca-certificates/test.crt -key /etc/ssl/test.key > /dev/null 2>&1 &)
    sleep 1; run /usr/bin/wget -q -O - https://localhost:4443/ | grep -c 'Ciphers supported'`,
    {
      setup:
        'openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout /etc/ssl/test.key -out /usr/local/share/ca-certificates/test.crt 2> /dev/null; update-ca-certificates > /dev/null',
    },
  ),
  job(
    'sqlite',
    'plain',
    'SQLite',
    'sqlite3',
    '/usr/bin/sqlite3',
    "run /usr/bin/sqlite3 -json /tmp/a.db \"create table t(a); insert into t values (42), ('x'); select a, strftime('%Y', 0, 'unixepoch') y from t\"",
  ),
  job(
    'jq',
    'plain',
    'jq',
    'jq',
    '/usr/bin/jq',
    'echo \'{"a":[1,2]}\' | run /usr/bin/jq -c \'.a | add, (now > 0), ("x1" | test("[0-9]"))\'',
  ),
] as const;
