/** The digests in a history: in its payloads and strings, wherever they stand; an unreadable payload is refused. */
import { expect, test } from '@jest/globals';
import { textsIn } from '../../../src/client/temporal/named-digests.ts';

const payload = (encoding: string, data: string) => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: new Uint8Array(Buffer.from(data)),
});

test('texts of payloads and other strings are found at any depth', () => {
  const history = {
    events: [
      { attributes: { input: { payloads: [payload('json/plain', '"one"'), payload('binary/null', '')] } } },
      {
        attributes: { failure: { message: 'two', cause: { encodedAttributes: payload('json/plain', '3') } } },
      },
      { attributes: { header: { fields: { key: payload('json/protobuf', 'four') } }, nothing: null } },
    ],
  };
  const found = [...textsIn(history, 'issue:x')];
  expect(found).toEqual(expect.arrayContaining(['"one"', 'two', '3', 'four']));
});

test.each([['binary/encrypted'], ['']])('a payload with the encoding “%s” is refused by name', encoding => {
  expect(() => [...textsIn([payload(encoding, 'x')], 'issue:acme/profile#1')]).toThrow(
    /^cannot read which artifacts are needed by issue:acme\/profile#1, .*\. Fix: /,
  );
});
