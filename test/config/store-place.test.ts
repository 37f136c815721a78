/** The place of the artifact store, as the settings name it. */
import { expect, test } from '@jest/globals';
import { type Environment, processSettings } from '../../src/config/environment.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { storePlaceText, storePlace } from '../../src/config/store-place.ts';

const keys = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'canary-secret' };
const placeOf = (environment: Environment) => storePlace(processSettings(environment));

test('without a setting it is a folder of the data directory', () => {
  expect(placeOf({ SIGNALBOX_DATA_DIR: '/data' })).toEqual({
    kind: 'directory',
    directory: '/data/artifacts',
  });
});

test('a file URL names a directory', () => {
  expect(placeOf({ SIGNALBOX_ARTIFACTS: 'file:///srv/a%20b' })).toEqual({
    kind: 'directory',
    directory: '/srv/a b',
  });
});

test('an s3 URL names a bucket and a prefix, with the usual variables', () => {
  expect(
    placeOf({ ...keys, SIGNALBOX_ARTIFACTS: 's3://team-box/prod/a/', AWS_REGION: 'eu-north-1' }),
  ).toEqual({
    kind: 'bucket',
    bucket: 'team-box',
    prefix: 'prod/a/',
    region: 'eu-north-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'canary-secret' },
  });
  const other = placeOf({
    ...keys,
    SIGNALBOX_ARTIFACTS: 's3://box',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL: 'http://not-this:1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:7070/',
  });
  expect(other).toMatchObject({
    prefix: '',
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:7070',
    credentials: { sessionToken: 'token' },
  });
  expect(storePlaceText(other)).toBe('s3://box/ at http://127.0.0.1:7070');
});

test.each([
  ['/srv/artifacts'],
  ['file://host/srv'],
  ['s3://Bucket'],
  ['s3://b/../x/./y//z'],
  ['s3://key:canary-secret@bucket/x'],
  ['s3://bucket/a%2fb'],
  ['s3://bucket/a?x=1'],
  ['https://bucket.test/x'],
])('%s is refused with the setting and the fix', text => {
  const refused = () => placeOf({ ...keys, SIGNALBOX_ARTIFACTS: text });
  expect(refused).toThrow(SettingsError);
  expect(refused).toThrow(
    'SIGNALBOX_ARTIFACTS does not name a store. Fix: set it to file:///PATH or s3://BUCKET/PREFIX',
  );
});

test.each([
  [
    { AWS_ACCESS_KEY_ID: 'AKID' },
    /^SIGNALBOX_ARTIFACTS names a bucket, and AWS_SECRET_ACCESS_KEY is not set\. Fix: /,
  ],
  [{ AWS_SECRET_ACCESS_KEY: 'canary-secret' }, /AWS_ACCESS_KEY_ID is not set/],
  [{ ...keys, AWS_ENDPOINT_URL: 'https://user:canary-secret@host/' }, /^cannot use AWS_ENDPOINT_URL\. Fix: /],
  [{ ...keys, AWS_ENDPOINT_URL: 'ftp://host' }, /^cannot use the setting AWS_ENDPOINT_URL/],
  [{ ...keys, AWS_REGION: 'nowhere/else' }, /^cannot use the setting AWS_REGION/],
])('a bucket with %j is refused without naming a secret', (environment, message) => {
  const refused = () => placeOf({ ...environment, SIGNALBOX_ARTIFACTS: 's3://bucket' });
  expect(refused).toThrow(message);
  expect(refused).not.toThrow(/canary/);
});
