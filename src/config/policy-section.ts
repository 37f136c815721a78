/** A map of the policy file whose fields can have another name in the policy: people write `wallClock: 45m`, rules use `wallClockMs`. */
import { z } from 'zod';

interface Renamed<Name extends string, Schema extends z.ZodType> {
  readonly name: Name;
  readonly schema: Schema;
}
type Fields = Readonly<Record<string, z.ZodType | Renamed<string, z.ZodType>>>;
type SchemaOf<Field> = Field extends Renamed<string, infer Schema> ? Schema : Field;
type NameOf<Field, Key> = Field extends Renamed<infer Name, z.ZodType> ? Name : Key;
type ShapeOf<F extends Fields> = { -readonly [Key in keyof F]: Extract<SchemaOf<F[Key]>, z.ZodType> };
type ValuesOf<F extends Fields> = {
  [Key in keyof F as Extract<NameOf<F[Key], Key>, string>]: z.output<ShapeOf<F>[Key]>;
};

/** Gives the field's value this name in the policy. */
export function as<Name extends string, Schema extends z.ZodType>(
  name: Name,
  schema: Schema,
): Renamed<Name, Schema> {
  return { name, schema };
}

/** Refuses unknown keys. The parsed values have the names of the policy. */
export function section<F extends Fields>(fields: F) {
  const entries = Object.entries(fields).map(([key, field]) =>
    'name' in field ? { key, ...field } : { key, name: key, schema: field },
  );
  const shape = Object.fromEntries(entries.map(({ key, schema }) => [key, schema])) as ShapeOf<F>;
  return z.strictObject(shape).transform(values => {
    const byKey = values as Readonly<Record<string, unknown>>;
    return Object.fromEntries(entries.map(({ key, name }) => [name, byKey[key]])) as ValuesOf<F>;
  });
}
