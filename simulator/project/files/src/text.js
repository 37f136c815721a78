/** The first letters of the first and the last word of a name, in capitals. */
export const initials = name => {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map(word => word.charAt(0).toUpperCase()).join('');
};

/** A name on one line, without control characters. */
export const cleanName = name =>
  name
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
