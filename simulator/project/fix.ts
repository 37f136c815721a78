/** A known-good fix of the project's defect, as the text of Codex's apply_patch tool: the scripted model sends it. */

/** The test that fails before the fix and passes after it. */
export const FIX_TEST_PATH = 'test/greeting-refresh.test.js';

const CHANGE = `*** Update File: src/greeting.js
@@
     const part = partOfDay(hour());
     const known = remembered.get(profile.id);
-    if (known !== undefined && known.part === part) return known.text;
+    if (known !== undefined && known.part === part && known.name === profile.name) return known.text;
     const text = \`\${words[part]}, \${profile.name}!\`;
-    remembered.set(profile.id, { part, text });
+    remembered.set(profile.id, { part, name: profile.name, text });
     return text;
   };`;

/** The new test alone, for an agent that first shows the defect. */
export const FIX_TEST_SOURCE = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGreeter, createProfile, mountCard } from '../src/index.js';

test('the greeting uses the new name after a rename, within the same part of the day', () => {
  const greeter = createGreeter({ hour: () => 9 });
  const ada = createProfile({ id: 'ada', name: 'Ada Byron' });
  assert.equal(greeter.greet(ada), 'Good morning, Ada Byron!');
  ada.rename('Ada Lovelace');
  assert.equal(greeter.greet(ada), 'Good morning, Ada Lovelace!');
});

test('a mounted card shows the new name in its heading and in its greeting', () => {
  const ada = createProfile({ id: 'ada', name: 'Ada Byron' });
  const drawn = [];
  mountCard(ada, createGreeter({ hour: () => 9 }), card => drawn.push(card));
  ada.rename('Ada Lovelace');
  assert.equal(drawn.at(-1), '[AL] Ada Lovelace\\nGood morning, Ada Lovelace!');
});
`;

const addedLines = FIX_TEST_SOURCE
  .trimEnd()
  .split('\n')
  .map(line => `+${line}`)
  .join('\n');

const patchOf = (...sections: readonly string[]): string =>
  ['*** Begin Patch', ...sections, '*** End Patch'].join('\n');

/** Adds the test: with it alone the suite fails. */
export const testPatch = patchOf(`*** Add File: ${FIX_TEST_PATH}\n${addedLines}`);

/** Fixes the code, without the test. */
export const codePatch = patchOf(CHANGE);

/** Both in one. */
export const fixPatch = patchOf(CHANGE, `*** Add File: ${FIX_TEST_PATH}\n${addedLines}`);
