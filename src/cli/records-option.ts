import type { RecordTable } from "../eventlog/record-table.ts";
import { InputError } from "../input-error.ts";
import { readRecords } from "../formats/records.ts";
import type { OptionValues } from "./command.ts";
import { readOptionsOf } from "../formats/read-options.ts";
import { onTerminal } from "./wording.ts";

/**
 * Reads the tables that `--records NAME[@TAG]=FILE` names. Throws InputError for options of another form, two
 * tables of one name and tag, and files that are no tables.
 */
export async function readRecordsOf(
  options: OptionValues,
): Promise<{ tables: RecordTable[]; notes: string[] }> {
  const tables: RecordTable[] = [];
  const notes: string[] = [];
  const { dateOrder, decimal, timeZone, encoding, separator } = readOptionsOf(options);
  for (const text of (options["records"] as string[] | undefined) ?? []) {
    const match = /^([^@=]+)(?:@([^=]+))?=(.+)$/.exec(text);
    if (!match) {
      throw new InputError(
        "wrong-option",
        "--records",
        `--records: expected NAME=FILE or NAME@TAG=FILE, for example vendors@erp=vendors.csv, got "${text}".`,
      );
    }
    const [, name, tag, file] = match;
    if (tables.some((table) => table.name === name && table.tag === tag)) {
      throw new InputError(
        "wrong-option",
        "--records",
        `--records: "${name}${tag ? `@${tag}` : ""}" is given twice. Two versions of one table need different tags, like ${name}@erp=… ${name}@crm=…`,
      );
    }
    const read = await readRecords(file, name.trim(), tag?.trim(), {
      dateOrder,
      decimal,
      timeZone,
      encoding,
      separator,
    });
    tables.push(read.table);
    notes.push(...read.notes.map(onTerminal));
  }
  return { tables, notes };
}
