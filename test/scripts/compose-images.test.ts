/** Which images the stage of compose needs, read from the compose file and the Dockerfile. */
import { expect, test } from '@jest/globals';
import { imagesOfCompose, imagesOfDockerfile } from '../compose/support/images.ts';
import { majorOf, parseReference, versionOf } from '../compose/support/stand-ins/reference.ts';

test('images of services, with the defaults of variables, without those that are built here', () => {
  const text = `
x-own: &own { image: 'own:\${V:-local}' }
services:
  database: { image: 'postgres:\${POSTGRES-18}' }
  made: { <<: *own, build: . }
  again: *own
`;
  expect(imagesOfCompose(text)).toEqual(['postgres:18']);
});

test('images of a Dockerfile, with the defaults of its arguments, without its own stages', () => {
  const text =
    'ARG BASE=node:24\nFROM ${BASE} AS build\nFROM --platform=x debian:12\nFROM build\nFROM scratch\n';
  expect(imagesOfDockerfile(text)).toEqual(['node:24', 'debian:12']);
});

test('a reference has a name and a tag, and most tags a version', () => {
  expect(parseReference('ghcr.io/a/b:v1.8.0')).toEqual({ name: 'ghcr.io/a/b', tag: 'v1.8.0' });
  expect(() => parseReference('localhost:5000/a')).toThrow('names no tag');
  expect(versionOf('v1.8.0')).toBe('1.8.0');
  expect(majorOf('18.6')).toBe('18');
  expect(() => versionOf('latest')).toThrow('names no version');
});
