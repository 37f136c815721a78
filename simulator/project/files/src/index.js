export { mountCard, renderCard } from './card.js';
export { createGreeter } from './greeting.js';
export { createProfile } from './profile.js';
