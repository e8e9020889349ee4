/** Programs and scripts that put the names of what they read together, or write them in wide characters. */
import { job } from '../job.js';

export const assembledJobs = [
  job(
    'geoip',
    'data',
    'GeoIP',
    'geoip-bin geoip-database',
    '/usr/bin/geoiplookup',
    'run /usr/bin/geoiplookup 8.8.8.8; run /usr/bin/geoiplookup 193.99.144.80',
  ),
  job(
    'link-grammar',
    'data',
    'Link Grammar',
    'link-grammar link-grammar-dictionaries-en',
    '/usr/bin/link-parser',
    "echo 'The cat sat.' | VARS=LANG=C.UTF-8 run /usr/bin/link-parser en -graphics -verbosity=1 2> /dev/null | grep -i linkage",
  ),
  job(
    'softhsm',
    'plugins',
    'SoftHSM',
    'softhsm2',
    '/usr/bin/softhsm2-util',
    `
    run /usr/bin/softhsm2-util --init-token --slot 0 --label a --pin 1234 --so-pin 5678 | cut -d ' ' -f 1-5
    run /usr/bin/softhsm2-util --show-slots | grep -o 'Label: *a\\|Initialized: .*'`,
  ),
  job(
    'p7zip',
    'plugins',
    'p7zip',
    'p7zip-full',
    '/usr/bin/7z',
    `
    echo x > $T/tmp/a; run /usr/bin/7z a -bso0 -bsp0 /tmp/a.7z /tmp/a && run /usr/bin/7z a -bso0 -bsp0 -tzip /tmp/a.zip /tmp/a
    run /usr/bin/7z l -ba -slt /tmp/a.7z | grep '^Path\\|^Size'; run /usr/bin/7z t /tmp/a.zip | grep Ok`,
  ),
  job(
    'chez',
    'language',
    'Chez Scheme',
    'chezscheme',
    '/usr/bin/chezscheme',
    `
    echo '(display (map (lambda (x) (* x x)) (iota 5))) (newline)' > $T/tmp/a.ss; run /usr/bin/chezscheme --script /tmp/a.ss`,
  ),
  job(
    'fish',
    'language',
    'fish',
    'fish',
    '/usr/bin/fish',
    `run /usr/bin/fish -c 'set -l a b c; string join - $a x; math 2 + 3; type -t fish_prompt; alias hello "echo hi"; hello'`,
  ),
  job(
    'elixir',
    'script',
    'Elixir',
    'elixir',
    '/usr/bin/elixir',
    `
    VARS=LANG=C.UTF-8 run /usr/bin/elixir -e 'IO.puts(Enum.join(Enum.map([1, 2, 3], fn x -> x * 2 end), ","))'`,
  ),
  job(
    'supervisor',
    'script',
    'Supervisor',
    'supervisor',
    '/usr/bin/supervisord /usr/bin/supervisorctl',
    `
    serve - /usr/bin/supervisord -n -c /etc/supervisor/supervisord.conf && until_there /run/supervisor.sock && sleep 2
    run /usr/bin/supervisorctl -c /etc/supervisor/supervisord.conf status | tr -s ' ' | cut -d ' ' -f 1,2`,
    {
      setup:
        "printf '[program:worker]\\ncommand=/usr/bin/sleep 100\\n' > /etc/supervisor/conf.d/a.conf",
    },
  ),
  job(
    'dropbear',
    'service',
    'Dropbear',
    'dropbear-bin openssh-client',
    '/usr/sbin/dropbear /usr/bin/dropbearkey',
    `
    run /usr/bin/dropbearkey -t ed25519 -f /tmp/host > /dev/null 2>&1; aside ssh-keygen -q -t ed25519 -N '' -f /tmp/key
    mkdir -p $T/root/.ssh; cp $W/tmp/key.pub $T/root/.ssh/authorized_keys; chmod 700 $T/root $T/root/.ssh; chmod 600 $T/root/.ssh/authorized_keys
    serve 2222 /usr/sbin/dropbear -F -E -p 2222 -r /tmp/host && aside ssh -n -i /tmp/key -o BatchMode=yes -o StrictHostKeyChecking=no -p 2222 root@127.0.0.1 'echo hi from $USER' 2> /dev/null`,
  ),
  job(
    'rsync',
    'service',
    'rsync',
    'rsync',
    '/usr/bin/rsync',
    `
    mkdir -p $T/srv/m $T/out $T/etc; echo data > $T/srv/m/f; touch -d @1000 $T/srv/m/f; printf '[m]\\npath=/srv/m\\nuid=nobody\\n' > $T/etc/rsyncd.conf
    serve 8733 /usr/bin/rsync --daemon --no-detach --port 8733 && run /usr/bin/rsync -a rsync://127.0.0.1:8733/m/ /out/ && cat $T/out/f && stat -c %Y $T/out/f`,
  ),
] as const;
