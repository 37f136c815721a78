/** The event loop of this process stood still, so nothing watched the box, and it was ended. Its result is unknown. */
export class BoxUnwatched extends Error {
  override readonly name = 'BoxUnwatched';
}
