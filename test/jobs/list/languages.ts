/** Interpreters with their libraries, and scripts whose first line leads to one. */
import { job } from '../job.js';

export const languageJobs = [
  job(
    'r',
    'language',
    'R',
    'r-base-core',
    '/usr/bin/Rscript',
    `run /usr/bin/Rscript -e 'cat(coef(lm(dist ~ speed, cars)), tools::toTitleCase("a word"), "\\n")'`,
  ),
  job(
    'erlang',
    'language',
    'Erlang',
    'erlang-base',
    '/usr/bin/erl',
    `run /usr/bin/erl -noshell -eval 'io:format("~p ~s~n", [lists:sum([1,2]), string:uppercase("abc")]), halt().'`,
  ),
  job(
    'guile',
    'language',
    'GNU Guile',
    'guile-3.0',
    '/usr/bin/guile-3.0',
    `run /usr/bin/guile-3.0 -c '(use-modules (srfi srfi-1) (ice-9 format)) (format #t "~a ~r~%" (fold + 0 (iota 5)) 12)'`,
  ),
  job(
    'emacs',
    'language',
    'GNU Emacs',
    'emacs-nox',
    '/usr/bin/emacs-nox',
    `run /usr/bin/emacs-nox -Q --batch --eval '(progn (require (quote json)) (princ (json-encode (list 1 2))) (terpri))'`,
  ),
  job(
    'lua',
    'language',
    'Lua',
    'lua5.4 lua-lpeg lua-cjson',
    '/usr/bin/lua5.4',
    `run /usr/bin/lua5.4 -e 'local lpeg, cjson = require "lpeg", require "cjson"; print(lpeg.match(lpeg.P "ab" ^ 1, "ababc"), cjson.encode { 1, 2 }, require "re".find("abc", "[b]"))'`,
  ),
  job(
    'tcl',
    'language',
    'Tcl',
    'tcl tcllib tzdata',
    '/usr/bin/tclsh8.6',
    `echo 'package require json; puts [json::json2dict {{"a": [1, 2]}}]; puts [clock format 0 -timezone Europe/Paris -locale fr -format {%c %Z}]' | run /usr/bin/tclsh8.6`,
  ),
  job(
    'sbcl',
    'language',
    'SBCL',
    'sbcl',
    '/usr/bin/sbcl',
    `run /usr/bin/sbcl --noinform --no-userinit --non-interactive --eval '(require :sb-md5)' --eval '(format t "~a~%" (sb-md5:md5sum-string "a"))'`,
  ),
  job(
    'prolog',
    'language',
    'SWI-Prolog',
    'swi-prolog-nox',
    '/usr/bin/swipl',
    `run /usr/bin/swipl -q -g 'use_module(library(clpfd))' -g '#>(X, 3), #<(X, 5), writeln(X)' -t halt`,
  ),
  job(
    'mercurial',
    'script',
    'Mercurial',
    'mercurial',
    '/usr/bin/hg',
    `
    export VARS='HGUSER=me'; run /usr/bin/hg init /tmp/r; echo a > $T/tmp/r/a
    run /usr/bin/hg -R /tmp/r commit -A -q -m 'the first' -d '0 0' && run /usr/bin/hg -R /tmp/r log -T '{rev} {node|short} {desc} {author}\\n'`,
  ),
  job(
    'exiftool',
    'script',
    'ExifTool',
    'libimage-exiftool-perl',
    '/usr/bin/exiftool',
    `
    printf '\\211PNG\\r\\n\\032\\n\\0\\0\\0\\rIHDR\\0\\0\\0\\020\\0\\0\\0\\010\\010\\002\\0\\0\\0\\0\\0\\0\\0' > $T/tmp/a.png
    run /usr/bin/exiftool -s -ImageSize -ColorType -MIMEType /tmp/a.png`,
  ),
  job(
    'asciidoctor',
    'script',
    'Asciidoctor',
    'asciidoctor',
    '/usr/bin/asciidoctor',
    `printf '= Title\\n\\nA *word*.\\n' | run /usr/bin/asciidoctor -e -o - -`,
  ),
  job(
    'uglify',
    'script',
    'UglifyJS',
    'uglifyjs',
    '/usr/bin/uglifyjs',
    `echo 'function f(long) { return long + 1 + 2; }' | run /usr/bin/uglifyjs -c -m`,
  ),
  job(
    'gunicorn',
    'script',
    'Gunicorn',
    'gunicorn curl',
    '/usr/bin/gunicorn',
    `
    serve 8901 /usr/bin/gunicorn --chdir /srv/app -b 127.0.0.1:8901 wsgi:app && aside curl -sS http://127.0.0.1:8901/`,
    {
      options: ['--include', '/srv/app/**'],
      setup: `mkdir -p /srv/app; printf 'import json\\ndef app(environ, start):\\n    start("200 OK", [("Content-Type", "application/json")])\\n    return [json.dumps({"path": environ["PATH_INFO"]}).encode(), b"\\\\n"]\\n' > /srv/app/wsgi.py`,
    },
  ),
  job(
    'cowsay',
    'script',
    'cowsay',
    'cowsay',
    '/usr/games/cowsay',
    'run /usr/games/cowsay -f tux hello',
  ),
] as const;
