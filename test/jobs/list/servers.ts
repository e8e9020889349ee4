/** Servers with the configuration that their packages install: what it names, the users they change to. */
import { job } from '../job.js';

const page = (port: number, path = '') =>
  `aside curl -sS -i http://127.0.0.1:${port}/${path} | tr -d '\\r' | grep -v '^Date\\|^Last-Modified\\|^ETag'`;

export const serverJobs = [
  job(
    'apache',
    'configuration',
    'Apache HTTP Server',
    'apache2 curl',
    '/usr/sbin/apache2ctl',
    `
    mkdir -p $T/var/www/html; echo a page > $T/var/www/html/a.css; touch -d @0 $T/var/www/html/a.css
    serve 80 /usr/sbin/apache2ctl -DFOREGROUND && ${page(80, 'a.css')}`,
  ),
  job(
    'lighttpd',
    'configuration',
    'lighttpd',
    'lighttpd curl',
    '/usr/sbin/lighttpd',
    `
    mkdir -p $T/var/www/html; echo a page > $T/var/www/html/a.css
    serve 80 /usr/sbin/lighttpd -D -f /etc/lighttpd/lighttpd.conf && ${page(80, 'a.css')}`,
  ),
  job(
    'named',
    'configuration',
    'BIND',
    'bind9 bind9-dnsutils',
    '/usr/sbin/named',
    `
    serve 53 /usr/sbin/named -f -u bind -4 && aside dig +short @127.0.0.1 localhost A && aside dig +short @127.0.0.1 -x 127.0.0.1`,
  ),
  job(
    'unbound',
    'configuration',
    'Unbound',
    'unbound dns-root-data bind9-dnsutils',
    '/usr/sbin/unbound',
    `
    serve 53 /usr/sbin/unbound -d && aside dig +short @127.0.0.1 localhost A; aside dig @127.0.0.1 x.onion A | grep -o 'status: [A-Z]*'`,
    {
      setup:
        'install -o unbound -g unbound -m 644 /usr/share/dns/root.key /var/lib/unbound/root.key',
    },
  ),
  job(
    'squid',
    'configuration',
    'Squid',
    'squid curl',
    '/usr/sbin/squid',
    `
    serve 3128 /usr/sbin/squid -N -d 0 && aside curl -sS -x http://127.0.0.1:3128 http://127.0.0.1:9/ | grep -o '<title>.*</title>'`,
  ),
  job(
    'mosquitto',
    'configuration',
    'Eclipse Mosquitto',
    'mosquitto mosquitto-clients',
    '/usr/sbin/mosquitto',
    `
    boot install -d -o mosquitto -g mosquitto /run/mosquitto
    serve 1883 /usr/sbin/mosquitto -c /etc/mosquitto/mosquitto.conf && aside mosquitto_pub -h 127.0.0.1 -t a -m 'kept message' -r && aside mosquitto_sub -h 127.0.0.1 -t a -C 1 -W 10`,
  ),
  job(
    'rsyslog',
    'configuration',
    'rsyslog',
    'rsyslog bsdutils',
    '/usr/sbin/rsyslogd',
    `
    serve - /usr/sbin/rsyslogd -n && until_there /dev/log && share /dev
    aside logger -p user.notice 'a message'; until_there /var/log/user.log && sleep 0.5; grep -o 'root: a message' $T/var/log/user.log`,
    { setup: "sed -i '/imklog/s/^module/#module/' /etc/rsyslog.conf" },
  ),
  job(
    'dovecot',
    'configuration',
    'Dovecot',
    'dovecot-imapd',
    '/usr/sbin/dovecot',
    `
    serve 143 /usr/sbin/dovecot -F && exec 4<> /dev/tcp/127.0.0.1/143 && printf 'a CAPABILITY\\r\\nb LOGOUT\\r\\n' >&4 && cat <&4 | tr -d '\\r' | grep -v Waiting`,
  ),
  job(
    'slapd',
    'configuration',
    'OpenLDAP',
    'slapd ldap-utils',
    '/usr/sbin/slapd /usr/sbin/slapcat',
    `
    serve 389 /usr/sbin/slapd -d 0 -h ldap://127.0.0.1/ -u openldap -g openldap -F /etc/ldap/slapd.d && aside ldapsearch -x -LLL -H ldap://127.0.0.1/ -s base -b '' namingContexts`,
  ),
  job(
    'logrotate',
    'configuration',
    'logrotate',
    'logrotate gzip',
    '/usr/sbin/logrotate',
    `
    mkdir -p $T/var/log/app; yes line | head -n 1000 > $T/var/log/app/a.log; run /usr/sbin/logrotate -f -s /tmp/state /etc/logrotate.conf; (cd $T/var/log/app && ls && zcat a.log.1.gz | wc -l)`,
    {
      setup:
        "printf '/var/log/app/*.log {\\n weekly\\n rotate 2\\n compress\\n}\\n' > /etc/logrotate.d/app; mkdir -p /var/log/app",
    },
  ),
  job(
    'dbus',
    'configuration',
    'D-Bus',
    'dbus',
    '/usr/bin/dbus-daemon',
    `
    serve - /usr/bin/dbus-daemon --session --nofork --address=unix:path=/tmp/bus && until_there /tmp/bus && share /tmp
    aside dbus-send --bus=unix:path=/tmp/bus --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListActivatableNames`,
  ),
  job(
    'exim',
    'service',
    'Exim',
    'exim4-daemon-light',
    '/usr/sbin/exim4',
    `
    mkdir -p $T/var/mail; printf 'Subject: hi\\n\\na mail\\n' | run /usr/sbin/exim4 -odi -f me@localhost daemon@localhost; cat $T/var/mail/* | grep -E '^(Subject|Envelope-to|a mail)'`,
  ),
  job(
    'vsftpd',
    'service',
    'vsftpd',
    'vsftpd curl',
    '/usr/sbin/vsftpd',
    `
    mkdir -p $T/srv/ftp; echo by ftp > $T/srv/ftp/a
    serve 21 /usr/sbin/vsftpd && aside curl -sS ftp://127.0.0.1/a`,
    {
      setup:
        "sed -i 's/^listen=.*/listen=YES/; s/^listen_ipv6=.*/listen_ipv6=NO/; s/^anonymous_enable=.*/anonymous_enable=YES/' /etc/vsftpd.conf",
    },
  ),
  job(
    'mariadb',
    'service',
    'MariaDB',
    'mariadb-server',
    '/usr/sbin/mariadbd /usr/bin/mariadb-install-db /usr/bin/mariadb',
    `
    run /usr/bin/mariadb-install-db --user=mysql --datadir=/var/lib/db --skip-test-db > $place/install 2>&1 || { tail -n 3 $place/install; exit 1; }
    serve 3306 /usr/sbin/mariadbd --user=mysql --datadir=/var/lib/db && run /usr/bin/mariadb -N -e "select 6 * 7, upper('é'), convert_tz('2024-07-01', '+00:00', '+02:00')"`,
  ),
  job(
    'tinyproxy',
    'service',
    'Tinyproxy',
    'tinyproxy curl',
    '/usr/bin/tinyproxy',
    `
    serve 8888 /usr/bin/tinyproxy -d && aside curl -sS -x http://127.0.0.1:8888 http://tinyproxy.stats/ | grep -o '<title>.*</title>'`,
  ),
  job(
    'stunnel',
    'service',
    'stunnel',
    'stunnel4 openssl',
    '/usr/bin/stunnel4',
    `
    aside openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout /tmp/key -out /tmp/cert 2> /dev/null
    cat $W/tmp/key $W/tmp/cert > $T/tmp/pem; chmod 600 $T/tmp/pem
    serve 8443 /usr/bin/stunnel4 && aside openssl s_client -connect 127.0.0.1:8443 < /dev/null 2> /dev/null | grep -o 'subject=.*'`,
    {
      setup: `printf '%s\\n' 'foreground = yes' 'setuid = stunnel4' 'setgid = stunnel4' 'pid = /run/stunnel4/pid' '[a]' 'accept = 127.0.0.1:8443' 'connect = 127.0.0.1:8080' 'cert = /tmp/pem' > /etc/stunnel/stunnel.conf`,
    },
  ),
  job(
    'dnsmasq',
    'service',
    'Dnsmasq',
    'dnsmasq bind9-dnsutils',
    '/usr/sbin/dnsmasq',
    `
    serve 53 /usr/sbin/dnsmasq -k --address=/a.example/192.0.2.7 && aside dig +short @127.0.0.1 a.example A`,
  ),
  job(
    'screen',
    'service',
    'GNU Screen',
    'screen',
    '/usr/bin/screen',
    `
    run /usr/bin/screen -dmS one /bin/sh -c 'echo inside; read line'
    for try in $(seq 30); do run /usr/bin/screen -ls | grep -q '[.]one.*(Detached)' && echo detached && break; sleep 0.2; done`,
  ),
] as const;
