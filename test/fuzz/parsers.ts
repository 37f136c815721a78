/** Every function of src that reads or rewrites text from outside. A new one gets a row. */
import { filesNamed } from '../../src/activities/runner/run-context.ts';
import { shortText } from '../../src/agents/adapter.ts';
import { codexFacts, codexProgress } from '../../src/agents/codex/events.ts';
import { lastLine } from '../../src/agents/endings.ts';
import { promptTemplateProblem } from '../../src/agents/prompt.ts';
import { parseTarget } from '../../src/box/egress/allow-list.ts';
import { notAskedBy } from '../../src/client/cli/init/issue-form.ts';
import { knownTexts } from '../../src/config/issue-templates.ts';
import { parsePolicyFile } from '../../src/config/policy-file.ts';
import { proposedHeadings } from '../../src/config/template-headings.ts';
import { parseAgentEvent } from '../../src/contracts/agent-event.ts';
import { parseReport } from '../../src/contracts/agent-report.ts';
import { defaultManifestLimits, parseManifest } from '../../src/contracts/change-manifest.ts';
import { branchOwner, slugOf } from '../../src/domain/branch.ts';
import { parseContract } from '../../src/domain/contract.ts';
import { ownersOf } from '../../src/domain/code-owners.ts';
import { commandsIn } from '../../src/domain/command.ts';
import { readersView } from '../../src/domain/hidden-text.ts';
import { parseIssueRef, parseRepositoryRef } from '../../src/domain/issue-ref.ts';
import { visible } from '../../src/domain/invisible.ts';
import { fence, neutralise, plainLine } from '../../src/domain/posted-text.ts';
import { riskOfPaths, riskOfText } from '../../src/domain/risk.ts';
import { skeleton } from '../../src/domain/look-alike.ts';
import { suggestedBy, suggestionText } from '../../src/domain/suggestion.ts';
import { endedLifeIn } from '../../src/domain/snapshot.ts';
import { pokesOf } from '../../src/gateway/webhook-events.ts';
import { kindOfFailure } from '../../src/git/git-error.ts';
import { readSigningKey, UnusableKey } from '../../src/git/signing/ssh-key.ts';
import { pushRefusal, refusalIn } from '../../src/github/refusals.ts';
import { proxyFor } from '../../src/host/network/route.ts';
import { foldPath, pathProblem, printablePath } from '../../src/git/path-rules.ts';
import { defaultProtectedPaths, protectedPathMatcher } from '../../src/git/protected-paths.ts';
import { hideSecrets } from '../../src/git/secret-rules.ts';
import { redact } from '../../src/github/redact.ts';
import { bodyProblem } from '../../src/model-gateway/request-check.ts';
import { rulesFor } from '../../src/model-gateway/request-rules.ts';

const LINE_CHARS_MAX = 500;
const files = new Set(['src/a.ts', 'README.md']);
const { matches: isProtected, imitates } = protectedPathMatcher(defaultProtectedPaths);
const words = { labels: {}, words: { high: ['payment'] }, paths: { high: ['**/infra/**', 'db/*.sql'] } };
/** A longer paragraph is not read at all. */
const paragraphsOf = (text: string): string => text.replace(/[^]{9990}/g, '$&\n\n');
/** Longer paths are refused where they are read. */
const pathOf = (text: string): string => text.slice(0, 1024);

const ON_LINE = { from: 1, to: 1, side: 'RIGHT' } as const;
const SUGGESTING = {
  path: 'a',
  lines: ON_LINE,
  hunk: '@@ -1 +1 @@',
  commit: 'c',
  body: '```suggestion\n```',
};

function refusedKey(text: string): unknown {
  try {
    return readSigningKey(`-----BEGIN OPENSSH PRIVATE KEY-----\n${text}\n-----END OPENSSH PRIVATE KEY-----`);
  } catch (error) {
    if (error instanceof UnusableKey) return error.message;
    throw error;
  }
}

/** Each with the text as it comes from outside. */
export const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  'the contract': text => parseContract(visible(text)),
  'a heading of the contract': text => parseContract(`## ${paragraphsOf(text)}\nx`),
  'a field of the contract': text => parseContract(`## Stop conditions\n- ${paragraphsOf(text)}\n`),
  'hidden text': readersView,
  'invisible characters': visible,
  'a posted line': text => neutralise(text, LINE_CHARS_MAX),
  'a long posted line': text => neutralise(text, text.length),
  'a posted title': text => plainLine(text, text.length),
  'a posted block': text => fence(text, text.length),
  'a suggestion': text => suggestionText(`\`\`\`suggestion\n${text}\n\`\`\``),
  'a comment on lines': text =>
    suggestedBy([{ path: 'a', lines: ON_LINE, hunk: text, commit: 'c', body: text }, SUGGESTING]),
  'a command': commandsIn,
  'a command with arguments': text => commandsIn(`/escalate ${text}`),
  'the name of an issue': parseIssueRef,
  'the URL of an issue': text => parseIssueRef(`https://${text}`),
  'the name of a repository': parseRepositoryRef,
  'the name of a branch': text => branchOwner(`ai/issue-1-${text}`),
  'a title': slugOf,
  'risk words': text => riskOfText(text, words),
  'risky paths': text => riskOfPaths([pathOf(text)], words),
  'protected paths': text => [isProtected(pathOf(text)), imitates(pathOf(text))],
  'code owners': text => ownersOf(text, ['src/a.ts']),
  'a pattern of code owners': text => ownersOf(`/${text} @ann`, ['src/a.ts']),
  'a path with code owners': text => ownersOf('/src/*a*b*/**/*.ts @ann', [pathOf(text)]),
  'files that an issue names': text => filesNamed(text, files),
  'the snapshot in a comment': text => endedLifeIn([`<!-- signalbox:snapshot ${text} -->`]),
  'the policy': text => parsePolicyFile(text),
  'a policy that is short enough': text => parsePolicyFile(text.slice(0, 49_000)),
  'an issue template': text => [
    knownTexts([{ name: 'a.md', text }]),
    proposedHeadings([{ name: 'a.md', text }]),
  ],
  'an issue form': text => [knownTexts([{ name: 'a.yml', text }]), notAskedBy(text)],
  'a prompt template': text => promptTemplateProblem(text),
  'a path': pathProblem,
  'a path in a message': printablePath,
  'the fold of a path': text => foldPath(pathOf(text)),
  'the skeleton of a path': text => skeleton(pathOf(text)),
  'the output of git': kindOfFailure,
  'an answer of GitHub': text => redact(text, LINE_CHARS_MAX),
  'a refused push': text => [pushRefusal(text), pushRefusal(`hook declined\nFile ${text} is 1 MB`)],
  'a refused merge': text => refusalIn(`Required status check "${text}`, 'merge'),
  'a signing key': text => refusedKey(text),
  'hosts without a proxy': noProxy =>
    proxyFor(new URL('https://a.example'), { httpsProxy: 'http://proxy.example', noProxy }),
  'secrets in a message': hideSecrets,
  'an event of Codex': text => [codexProgress(text), codexFacts(text)],
  'a command of Codex': text =>
    codexFacts(
      JSON.stringify({
        type: 'item.completed',
        item: { type: 'command_execution', exit_code: 1, aggregated_output: text },
      }),
    ),
  'an event of an agent': text => [
    parseAgentEvent(text),
    parseAgentEvent(JSON.stringify({ signalbox: 'command', id: '1', command: text })),
  ],
  'a line of an agent': text => [shortText(text), lastLine(text)],
  'a report': text => [parseReport(text), parseReport(JSON.stringify({ version: 1, summary: text }))],
  'a manifest': text => parseManifest(Buffer.from(text), defaultManifestLimits),
  'a manifest with its header': text =>
    parseManifest(Buffer.from(`signalbox-change 1\n${text}`), defaultManifestLimits),
  'a request to the model': text =>
    bodyProblem(
      {
        model: 'm',
        stream: true,
        store: false,
        input: [{ type: 'message', role: 'user', content: text, [text]: 1 }],
      },
      { model: 'm', rules: rulesFor([]) },
    ),
  'the host that a set-up wants': text => parseTarget(text, 443),
  'a webhook': text =>
    pokesOf({
      name: 'push',
      deliveryId: '1',
      payload: { ref: `refs/heads/${text}`, repository: { full_name: 'acme/shop' } },
    }),
};
