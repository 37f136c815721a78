import { initials } from './text.js';

/** The card as lines of text. */
export const renderCard = (profile, greeter) => {
  const heading = `[${initials(profile.name)}] ${profile.name}`;
  const lines = [heading, profile.title, greeter.greet(profile)];
  return lines.filter(line => line !== '').join('\n');
};

/** Draws the card now and again whenever the profile changes; returns how to stop. */
export const mountCard = (profile, greeter, draw) => {
  const redraw = () => draw(renderCard(profile, greeter));
  redraw();
  return profile.onChange(redraw);
};
