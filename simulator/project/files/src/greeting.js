/** The part of the day an hour (0 to 23) belongs to. */
export const partOfDay = hour => {
  if (hour < 5 || hour >= 22) return 'night';
  if (hour < 12) return 'morning';
  return hour < 18 ? 'afternoon' : 'evening';
};

const words = { night: 'Still up', morning: 'Good morning', afternoon: 'Good afternoon', evening: 'Good evening' };

/** Greets profiles. Greetings are remembered per profile: a list of cards greets the same people on every redraw. */
export const createGreeter = ({ hour }) => {
  const remembered = new Map();

  const greet = profile => {
    const part = partOfDay(hour());
    const known = remembered.get(profile.id);
    if (known !== undefined && known.part === part) return known.text;
    const text = `${words[part]}, ${profile.name}!`;
    remembered.set(profile.id, { part, text });
    return text;
  };

  return { greet };
};
