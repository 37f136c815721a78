/** A webhook's body: signed, it becomes a few pokes or a refusal with its own status; unsigned, it is not even parsed. */
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { createBodies } from '../../../src/gateway/bodies.ts';
import type { WebhookPoke } from '../../../src/gateway/poke.ts';
import { createRecentDeliveries } from '../../../src/gateway/recent-deliveries.ts';
import { answerDelivery } from '../../../src/gateway/webhook-delivery.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, shortText } from '../texts.ts';

const SECRET = 'the-secret-of-the-fuzzer';

const names = fc.constantFrom(
  ...['issues', 'issue_comment', 'pull_request', 'pull_request_review', 'push', 'create', 'delete', 'status'],
  ...['check_suite', 'check_run', 'workflow_run', 'deployment_status', 'label', 'repository', 'installation'],
  ...['installation_repositories', 'ping', 'constructor'],
);
const keys = fc.constantFrom(
  ...[
    'action',
    'issue',
    'number',
    'pull_request',
    'head',
    'ref',
    'repo',
    'full_name',
    'repository',
    'sender',
  ],
  ...[
    'login',
    'type',
    'label',
    'name',
    'comment',
    'body',
    'branches',
    'check_suite',
    'head_branch',
    '__proto__',
  ],
  ...[
    'repositories',
    'repositories_added',
    'deployment',
    'workflow_run',
    'check_run',
    'ref_type',
    'head_commit',
  ],
);
const leaves = fc.oneof(
  fc.constantFrom<unknown>(
    1,
    0,
    -1,
    1.5,
    null,
    true,
    'labeled',
    'octo/app',
    'octo/app/x',
    '/',
    'refs/heads/a',
  ),
  fc.constantFrom<unknown>('ai/issue-7-x', 'Bot', [], {}),
  shortText,
  fc.double(),
);
const payloads = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaves,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(keys, shortText), tie('value'), { maxKeys: 6 }),
  ),
})).value;
/** What an event has at least, with anything added. */
const likely = fc.tuple(payloads, fc.nat(50)).map(([more, number]) => ({
  ...{ action: 'labeled', issue: { number }, repository: { full_name: 'octo/app' } },
  ...(typeof more === 'object' && !Array.isArray(more) ? more : {}),
}));
const bodies = fc.oneof(
  fc.oneof(payloads, likely).map(value => Buffer.from(JSON.stringify(value))),
  outsideText.map(text => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
);

export const target = fuzzTarget({
  name: 'webhook-body',
  inputs: fc.record({
    name: names,
    body: bodies,
    signed: fc.boolean(),
    pieces: fc.integer({ min: 1, max: 5 }),
  }),
  check: async ({ name, body, signed, pieces }) => {
    const pokes: WebhookPoke[] = [];
    const signature = createHmac('sha256', signed ? SECRET : 'another secret')
      .update(body)
      .digest('hex');
    const all = createBodies({ bodyBytesMax: 1_000_000, allBytesMax: 4_000_000 });
    const { status } = await answerDelivery(request(name, body, { signature, pieces }), {
      secrets: [SECRET],
      bodies: all,
      onSigned: () => undefined,
      handOver: poke => Promise.resolve(void pokes.push(poke)),
      handOverTimeoutMs: 1_000,
      recent: createRecentDeliveries({ deliveriesMax: 10, rememberedMs: 1_000 }),
    });
    if (all.bytes !== 0) throw new Error('bytes of a body that is answered still count');
    checkStatus(status, { signed: signed && body.length > 0, pokes });
  },
});

function checkStatus(
  status: number,
  { signed, pokes }: { readonly signed: boolean; readonly pokes: readonly WebhookPoke[] },
): void {
  if (signed === (status === 401))
    throw new Error(`${status} for a body that is ${signed ? '' : 'not '}signed`);
  if (status === 503) throw new Error('the hand-over failed');
  if (pokes.length > 0 && status !== 202) throw new Error(`${pokes.length} pokes with ${status}`);
  for (const { owner, repo } of pokes)
    if (!/^[^/\s]+$/.test(owner) || !/^[^/\s]+$/.test(repo)) throw new Error('a poke without a repository');
}

function request(
  name: string,
  body: Buffer,
  { signature, pieces }: { readonly signature: string; readonly pieces: number },
): IncomingMessage {
  const size = Math.ceil(body.length / pieces) || 1;
  const chunks = Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
    body.subarray(at * size, (at + 1) * size),
  );
  const headers = {
    'content-type': 'application/json',
    'x-github-event': name,
    'x-github-delivery': 'one',
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return Object.assign(Readable.from(chunks), { headers }) as unknown as IncomingMessage;
}
