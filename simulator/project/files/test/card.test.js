import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGreeter, createProfile, mountCard, renderCard } from '../src/index.js';

const greeter = () => createGreeter({ hour: () => 9 });

test('a card shows initials, name, title and greeting', () => {
  const ada = createProfile({ id: 'ada', name: 'Ada Byron', title: 'Analyst' });
  assert.equal(renderCard(ada, greeter()), '[AB] Ada Byron\nAnalyst\nGood morning, Ada Byron!');
});

test('a mounted card is drawn again when the title changes', () => {
  const ada = createProfile({ id: 'ada', name: 'Ada Byron', title: 'Analyst' });
  const drawn = [];
  const stop = mountCard(ada, greeter(), card => drawn.push(card));
  ada.promote('Author');
  stop();
  ada.promote('Countess');
  assert.equal(drawn.length, 2);
  assert.match(drawn[1], /Author/);
});
