/** Which requests go through the proxy: the same rule for everything. */
import { expect, test } from '@jest/globals';
import { proxyFor, routeText } from '../../../src/host/network/route.ts';

const PROXIES = { httpsProxy: 'http://secure.proxy:1', httpProxy: 'http://plain.proxy:2' };
const way = (url: string, noProxy?: string): string =>
  proxyFor(new URL(url), { ...PROXIES, ...(noProxy === undefined ? {} : { noProxy }) }) ?? 'direct';

test.each<readonly [string, string | undefined, string]>([
  ['https://api.github.com/x', undefined, 'http://secure.proxy:1'],
  ['http://example.com/x', undefined, 'http://plain.proxy:2'],
  ['http://127.0.0.1:8080/', undefined, 'direct'],
  ['https://localhost/', undefined, 'direct'],
  ['http://[::1]:1/', undefined, 'direct'],
  ['https://127.example.com/', undefined, 'http://secure.proxy:1'],
  ['https://ghes.corp.example/api/v3', 'corp.example', 'direct'],
  ['https://ghes.corp.example/', '.corp.example', 'direct'],
  ['https://ghes.corp.example/', '*.corp.example', 'direct'],
  ['https://corp.example/', '.corp.example', 'direct'],
  ['https://GHES.Corp.Example/', 'CORP.example', 'direct'],
  ['https://notcorp.example/', 'corp.example', 'http://secure.proxy:1'],
  ['https://a.example/', 'b.example, a.example', 'direct'],
  ['https://a.example/', 'b.example a.example', 'direct'],
  ['https://a.example/', '*', 'direct'],
  ['https://a.example/', '', 'http://secure.proxy:1'],
  ['https://a.example/', ',,', 'http://secure.proxy:1'],
  ['https://a.example:8443/', 'a.example:8443', 'direct'],
  ['https://a.example/', 'a.example:443', 'direct'],
  ['https://a.example/', 'a.example:8443', 'http://secure.proxy:1'],
  ['https://10.1.2.3/', '10.0.0.0/8', 'direct'],
  ['https://11.1.2.3/', '10.0.0.0/8', 'http://secure.proxy:1'],
  ['https://10.1.2.3/', '10.1.2.3', 'direct'],
  ['https://10.1.2.30/', '10.1.2.3', 'http://secure.proxy:1'],
  ['https://[2001:db8::7]/', '2001:db8::/32', 'direct'],
  ['https://[2001:db8::7]/', '[2001:db8::7]', 'direct'],
  ['https://a.example/', '10.0.0.0/99 a/b 1.2.3.4/ /8', 'http://secure.proxy:1'],
])('%s with NO_PROXY=%s', (url, noProxy, wanted) => {
  expect(way(url, noProxy)).toBe(wanted);
});

test('without a proxy everything is direct, and a password is never shown', () => {
  expect(proxyFor(new URL('https://a.example/'), {})).toBeUndefined();
  expect(routeText(undefined)).toBe('directly');
  expect(routeText('http://ann:canary@proxy.example:3128/')).toBe(
    'through the proxy http://proxy.example:3128',
  );
});
