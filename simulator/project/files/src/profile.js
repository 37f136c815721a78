import { cleanName } from './text.js';

/** A profile whose name and title may change; listeners hear which field it was. */
export const createProfile = ({ id, name, title = '' }) => {
  const listeners = new Set();
  const fields = { name: requireName(name), title };

  const change = (field, value) => {
    if (fields[field] === value) return;
    fields[field] = value;
    for (const listener of listeners) listener(field);
  };

  return {
    get id() {
      return id;
    },
    get name() {
      return fields.name;
    },
    get title() {
      return fields.title;
    },
    rename: next => change('name', requireName(next)),
    promote: next => change('title', next),
    onChange: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

const requireName = name => {
  const cleaned = cleanName(name);
  if (cleaned === '') throw new TypeError('a profile needs a name');
  return cleaned;
};
