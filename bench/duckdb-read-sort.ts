import { DuckDBInstance } from "@duckdb/node-api";

// The peer of `show`: DuckDB alone reads a CSV into a table and sorts it by case and time, as a whole
// process.
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run("create table t as select *, row_number() over () as n from read_csv($file)", {
  file: process.argv[2],
});
await connection.run("create table s as select * from t order by case_id, timestamp, n");
const result = await connection.runAndReadAll("select count(*) from s");
process.stdout.write(`${String(result.getRows()[0][0])}\n`);
