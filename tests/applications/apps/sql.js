// sql.js: SQLite compiled by Emscripten, in the page.
export default async () => {
  await globalThis.load("sql.js/dist/sql-wasm.js");
  const SQL = await globalThis.initSqlJs({ locateFile: (name) => globalThis.at(`sql.js/dist/${name}`) });
  const db = new SQL.Database();
  db.run("create table t (a integer, b text)");
  db.run("with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) insert into t select i, 'row ' || i from n");
  return db.exec("select count(*), sum(a), max(b), group_concat(distinct a % 7) from t")[0].values;
};
