/** Ordinary development tools work under the filter: threads, processes, sockets, terminals, compilers. */
import { existsSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { nodeInBox } from '../../src/box/about-box.ts';
import { shell, tier, tools } from './support/box.ts';

const node = nodeInBox(tier);
const env = { ...tools, PATH: `/opt/node/bin:${tools.PATH}` };

const programs: readonly (readonly [name: string, script: string, printed: string])[] = [
  [
    'Node’s threads',
    `node -e "new (require('worker_threads').Worker)('console.log(6*7)',{eval:true})"`,
    '42',
  ],
  ['Node’s interfaces', `node -e "console.log(Object.keys(require('os').networkInterfaces())[0])"`, 'lo'],
  [
    'Node’s children',
    `node -e "console.log(''+require('child_process').execFileSync('echo',['child']))"`,
    'child',
  ],
  [
    'Node’s servers',
    `node -e "const s=require('http').createServer((q,a)=>a.end('served')).listen(0,()=>fetch('http://127.0.0.1:'+s.address().port).then(r=>r.text()).then(t=>{console.log(t);s.close()}))"`,
    'served',
  ],
  [
    'git',
    'git init -q x && cd x && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m made && git gc -q && git log --format=%s',
    'made',
  ],
  ['pipes and job control', 'mkfifo p; (echo through > p &); cat p; sleep 0 & wait $!', 'through'],
  ['a terminal', `script -qec 'stty -a > /dev/null && echo on a terminal' /dev/null`, 'on a terminal'],
  [
    'locks and permissions',
    'touch f; chmod 600 f; flock f echo locked; cp -a f g; tar -cf - f | tar -t',
    'locked',
  ],
  ['perl', `perl -e 'print fork ? (wait, qq{forked\\n})[1] : exit'`, 'forked'],
  [
    'python',
    `python3 -c "import multiprocessing as m,socket,subprocess;print(m.Pool(2).map(abs,[-1]),socket.getaddrinfo('localhost',80)[0][4][1],subprocess.run(['true']).returncode)"`,
    '[1] 80 0',
  ],
  [
    'a C compiler and threads',
    `printf '#include <pthread.h>\\n#include <stdio.h>\\nvoid*f(void*a){puts("thread");return 0;}int main(){pthread_t t;pthread_create(&t,0,f,0);pthread_join(t,0);}' > a.c && gcc a.c -o a -lpthread && ./a`,
    'thread',
  ],
];

/** Programs that a host may lack; only those below /usr are in the box. */
const needs: Readonly<Record<string, string>> = {
  'a terminal': '/usr/bin/script',
  perl: '/usr/bin/perl',
  python: '/usr/bin/python3',
  'a C compiler and threads': '/usr/bin/gcc',
};

describe('under the filter these work:', () => {
  for (const [name, script, printed] of programs) {
    const program = needs[name];
    const whereInstalled = program === undefined || existsSync(program) ? test : test.skip;
    whereInstalled(name, async () => {
      const run = await shell(`cd /tmp; ${script}`, { env, readOnlyMounts: node.mounts });
      expect(run.stdout).toContain(printed);
      expect(run).toMatchObject({ ending: 'exited', exitCode: 0 });
    });
  }
});
