import type * as z from "zod/mini";

/** What the API shows of something as the domain has it: the schema of these fields, and the fields themselves. */
export const shown = <Shape extends z.core.$ZodShape, const Name extends keyof Shape & string>(
  schema: z.ZodMiniObject<Shape>,
  ...names: Name[]
) => {
  type Shown = { [Key in Name]: z.infer<Shape[Key]> };
  return {
    shape: Object.fromEntries(names.map((name) => [name, schema.shape[name]])) as Pick<Shape, Name>,
    of: (value: Shown): Shown => Object.fromEntries(names.map((name) => [name, value[name]])) as Shown,
  };
};
