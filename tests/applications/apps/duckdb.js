// DuckDB: a database in a worker.
import * as duckdb from "@duckdb/duckdb-wasm";

export default async () => {
  const worker = new Worker(globalThis.at("@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js"));
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await db.instantiate(globalThis.at("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm"));
  const connection = await db.connect();
  const rows = await connection.query("select count(*)::int as n, sum(i)::int as s, md5('x') as h from range(100000) t(i) where i % 3 = 0");
  return rows.toArray().map((row) => JSON.stringify(row.toJSON()));
};
