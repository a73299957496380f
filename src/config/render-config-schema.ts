/** The JSON Schema of `config/renga.yaml`, so that editors complete its keys and explain them. */
import { z } from 'zod';
import { CONFIG_SCHEMA } from './config-schema.ts';

/** Its file name beside the config, as the config's first line refers to it. */
export const SCHEMA_FILE = 'renga.schema.json';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Where a number or a yes or no is expected, `${NAME}` may stand for it. */
const VARIABLE = '^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$';

export function composeJsonSchema(): JsonSchema {
  return z.toJSONSchema(CONFIG_SCHEMA, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.type !== 'integer' && jsonSchema.type !== 'boolean') return;
      Object.assign(jsonSchema, { type: [jsonSchema.type, 'string'], pattern: VARIABLE });
    },
  });
}

/** A list of words stands on one line, as the project's formatter has it. */
function joinShortLists(json: string): string {
  return json.replace(
    /\[\s+("[^[\]{}]*")\s+\]/g,
    (_whole, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`,
  );
}

/** The text of the schema's file. */
export function renderConfigSchema(): string {
  const schema = { title: 'The settings of a Renga publication', ...composeJsonSchema() };
  return `${joinShortLists(JSON.stringify(schema, null, 2))}\n`;
}
