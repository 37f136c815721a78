/** Run by the Dockerfile: the folders on which `setup` mounts the volumes that it fills; user 1000 of the image owns them. */
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { RECIPIENTS } from './recipients.ts';

const [NODE_UID, NODE_GID] = [1000, 1000];

for (const name of ['secrets', 'artifacts', ...RECIPIENTS.map(recipient => `for/${recipient}`)]) {
  const folder = `/setup/${name}`;
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o750);
  chownSync(folder, NODE_UID, NODE_GID);
}
