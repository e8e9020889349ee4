/** Programs whose needs only others name: a module, a script, a table, or two halves of a path. */
import { job } from '../job.js';

export const connectedJobs = [
  job(
    'cmake',
    'data',
    'CMake',
    'cmake',
    '/usr/bin/cmake',
    `
    mkdir -p $T/tmp/p; printf 'cmake_minimum_required(VERSION 3.20)\\nproject(x NONE)\\nconfigure_file(a.in a.out)\\ninclude(CMakePrintHelpers)\\n' > $T/tmp/p/CMakeLists.txt; echo @PROJECT_NAME@ > $T/tmp/p/a.in
    run /usr/bin/cmake -DCMAKE_MAKE_PROGRAM=/bin/true -S /tmp/p -B /tmp/b > /dev/null && cat $T/tmp/b/a.out`,
  ),
  job(
    'octave',
    'language',
    'GNU Octave',
    'octave',
    '/usr/bin/octave-cli',
    `run /usr/bin/octave-cli --quiet --eval 'disp(inv([2 1;1 3])); disp(trapz([1 2 3])); disp(strjoin({"a","b"},"-"))'`,
  ),
  job(
    'prosody',
    'language',
    'Prosody',
    'prosody lua-unbound',
    '/usr/bin/prosody',
    `
    serve 5222 /usr/bin/prosody -F
    for try in 1 2 3; do
    sleep 1; exec 4<> /dev/tcp/127.0.0.1/5222
    printf "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>" >&4
    timeout 3 cat <&4 | grep -o '<stream:features>\\|starttls' | sort -u | grep . && break
    done`,
    // Without them, the server stops at times, by the order of a table of Lua.
    {
      setup: `
    mkdir -p /run/prosody
    sed -i '/^run_as_root/d' /etc/prosody/prosody.cfg.lua; sed -i '1i run_as_root = true' /etc/prosody/prosody.cfg.lua`,
    },
  ),
  job(
    'sphinx',
    'script',
    'Sphinx',
    'python3-sphinx',
    '/usr/bin/sphinx-build',
    `
    mkdir -p $T/tmp/s; echo 'project = "P"' > $T/tmp/s/conf.py; printf 'Title\\n=====\\n\\nHello *you*.\\n\\n.. code-block:: python\\n\\n   print(1)\\n' > $T/tmp/s/index.rst
    run /usr/bin/sphinx-build -q -b html /tmp/s /tmp/o; grep -c highlight-python $T/tmp/o/index.html; ls $T/tmp/o/_static | grep alabaster`,
  ),
  job(
    'unixodbc',
    'configuration',
    'unixODBC',
    'unixodbc libsqliteodbc odbcinst',
    '/usr/bin/isql',
    `
    echo 'select 6*7;' > $T/tmp/q; run /usr/bin/isql t -b '-x|' < $T/tmp/q`,
    { setup: "printf '[t]\\nDriver=SQLite3\\nDatabase=/tmp/t.db\\n' > /etc/odbc.ini" },
  ),
  job(
    'skopeo',
    'configuration',
    'Skopeo',
    'skopeo',
    '/usr/bin/skopeo',
    `
    empty=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a; mkdir -p $T/tmp/d; printf '{}' > $T/tmp/d/$empty; echo 'Directory Transport Version: 1.1' > $T/tmp/d/version
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":2,"digest":"sha256:%s"},"layers":[]}' $empty > $T/tmp/d/manifest.json
    run /usr/bin/skopeo copy -q dir:/tmp/d oci:/tmp/o:a && ls $T/tmp/o`,
  ),
  job(
    'gjs',
    'plugins',
    'GJS',
    'gjs gir1.2-pango-1.0',
    '/usr/bin/gjs',
    `run /usr/bin/gjs -c 'const {Gio, Pango} = imports.gi; print(Gio.File.new_for_path("/etc").get_uri()); print(Pango.units_from_double(1))'`,
  ),
  job(
    'gio',
    'data',
    'GLib',
    'libglib2.0-bin shared-mime-info',
    '/usr/bin/gio',
    `
    printf '\\x89PNG\\r\\n\\x1a\\n\\0\\0\\0\\rIHDR' > $T/tmp/a; run /usr/bin/gio info -a standard::content-type /tmp/a | grep content-type`,
  ),
  job(
    'p11-kit',
    'accounts',
    'p11-kit',
    'p11-kit p11-kit-modules ca-certificates',
    '/usr/bin/trust',
    `
    run /usr/bin/trust extract --format=pem-bundle --filter=ca-anchors --purpose=server-auth /tmp/o.pem; grep -c BEGIN $T/tmp/o.pem`,
  ),
  job(
    'monit',
    'service',
    'Monit',
    'monit curl',
    '/usr/bin/monit',
    `serve 2812 /usr/bin/monit -I -c /etc/monit/monitrc; aside curl -sS 'http://127.0.0.1:2812/_status?format=text' | grep -c status`,
    {
      setup:
        "printf 'set httpd port 2812 and use address 127.0.0.1\\n allow 127.0.0.1\\n' > /etc/monit/conf.d/http",
    },
  ),
  job(
    'ngspice',
    'plugins',
    'ngspice',
    'ngspice',
    '/usr/bin/ngspice',
    `
    printf 't\\nv1 a 0 1\\na1 a c amp\\n.model amp gain(gain=3)\\nr3 c 0 1k\\n.op\\n.print dc v(c)\\n.end\\n' > $T/tmp/a.cir; run /usr/bin/ngspice -b /tmp/a.cir 2>&1 | grep '^[[:space:]]*c[[:space:]]'`,
  ),
];
