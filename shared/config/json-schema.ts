import { z } from 'zod';
import type { JsonSchema } from '../events/json-schema.ts';
import { siteConfigSchema } from '../site.ts';

/** JSON Schema (draft 2020-12) of the site document, for editors; keys that no version knows are faults there too. */
export function siteJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(siteConfigSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.properties) jsonSchema.additionalProperties = false;
    },
  });
  return { ...schema, title: 'vigil.yaml', description: 'Site document of Vigil.' };
}
