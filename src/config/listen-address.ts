/** `host:port` as a setting; an IPv6 host stands in brackets. */
import { z } from 'zod';
import type { ListenAddress } from '../host/listening.ts';

const PORT_MAX = 65_535;

export const listenAddress = z.string().transform((text, context): ListenAddress => {
  const [, bracketed, plain, port = ''] = /^(?:\[([\da-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= PORT_MAX) return { host, port: Number(port) };
  context.addIssue({ code: 'custom', message: 'must be host:port, for example 127.0.0.1:9464' });
  return z.NEVER;
});
