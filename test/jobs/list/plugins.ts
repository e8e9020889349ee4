/** Programs that load plug-ins of their own, or whose libraries do. */
import { job } from '../job.js';

export const pluginJobs = [
  job(
    'imagemagick',
    'plugins',
    'ImageMagick',
    'imagemagick',
    '/usr/bin/convert /usr/bin/identify',
    `
    run /usr/bin/convert -size 16x8 gradient:red-blue -depth 8 /tmp/a.png
    run /usr/bin/identify -format '%m %wx%h\\n' /tmp/a.png; run /usr/bin/convert /tmp/a.png -crop 1x1+0+0 txt:- | tail -n 1`,
  ),
  job(
    'sasl',
    'plugins',
    'Cyrus SASL',
    'sasl2-bin libsasl2-modules libsasl2-modules-db',
    '/usr/sbin/saslpasswd2 /usr/sbin/sasldblistusers2',
    `
    echo secret | run /usr/sbin/saslpasswd2 -p -c -u example.org -f /tmp/db alice
    run /usr/sbin/sasldblistusers2 -f /tmp/db`,
  ),
  job(
    'gstreamer',
    'plugins',
    'GStreamer',
    'gstreamer1.0-tools gstreamer1.0-plugins-base',
    '/usr/bin/gst-launch-1.0',
    `
    run /usr/bin/gst-launch-1.0 -q audiotestsrc num-buffers=3 samplesperbuffer=100 ! audioconvert ! audio/x-raw,format=S16LE,rate=8000,channels=1 ! filesink location=/tmp/o.raw
    stat -c %s $T/tmp/o.raw; cksum < $T/tmp/o.raw`,
  ),
  job(
    'sox',
    'plugins',
    'SoX',
    'sox libsox-fmt-base',
    '/usr/bin/sox',
    `
    run /usr/bin/sox -n -r 8000 -c 1 /tmp/a.ogg synth 0.5 sine 440 && run /usr/bin/sox /tmp/a.ogg -n stat 2>&1 | grep -E 'Samples|Length'`,
  ),
  job(
    'openssl',
    'plugins',
    'OpenSSL',
    'openssl',
    '/usr/bin/openssl',
    'echo x | run /usr/bin/openssl dgst -provider legacy -provider default -md4; echo x | run /usr/bin/openssl sha256',
  ),
  job(
    'krb5',
    'plugins',
    'MIT Kerberos',
    'krb5-kdc krb5-admin-server krb5-config',
    '/usr/sbin/kdb5_util /usr/sbin/kadmin.local',
    `
    mkdir -p $T/var/lib/krb5kdc
    run /usr/sbin/kdb5_util create -s -P secret > /dev/null && run /usr/sbin/kadmin.local -q 'addprinc -pw x alice' 2>&1 | grep created
    run /usr/sbin/kadmin.local -q 'listprincs' | grep -E 'alice|kadmin/admin'`,
    {
      setup: "sed -i 's/ATHENA.MIT.EDU/EXAMPLE.ORG/' /etc/krb5.conf /etc/krb5kdc/kdc.conf",
    },
  ),
  job(
    'iptables',
    'plugins',
    'Netfilter',
    'iptables',
    '/usr/sbin/iptables-translate',
    'run /usr/sbin/iptables-translate -A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT',
  ),
  job(
    'zsh',
    'plugins',
    'Zsh',
    'zsh',
    '/usr/bin/zsh /usr/bin/mv',
    `
    run /usr/bin/zsh -f -c 'zmodload zsh/mathfunc zsh/stat || exit 1; autoload -Uz zmv; cd /tmp; : > a.txt; zmv "(*).txt" "\\$1.md"; print *.md $(( int(sqrt(49)) ))'`,
  ),
  job(
    'gawk',
    'plugins',
    'GNU awk',
    'gawk',
    '/usr/bin/gawk',
    `
    run /usr/bin/gawk -l ordchr -i join 'BEGIN { print ord("a"); split("x y z", a); print join(a, 1, 3, "-"); print strftime("%Y", 0, 1) }'`,
  ),
  job(
    'alsa',
    'plugins',
    'ALSA',
    'alsa-utils',
    '/usr/bin/aplay',
    `
    head -c 8000 /dev/zero > $T/tmp/a.raw; run /usr/bin/aplay -D null -t raw -f U8 -r 8000 /tmp/a.raw 2>&1`,
  ),
] as const;
