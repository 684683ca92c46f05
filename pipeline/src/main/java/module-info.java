/// Pipelines from a source through a task into a sink, which can be killed and go on.
@SuppressWarnings("requires-automatic") // DuckDB, and only who writes to it needs that
module io.fanwise.pipeline {
  requires transitive io.fanwise;
  requires transitive java.sql;
  requires transitive tools.jackson.databind;
  requires java.management;
  requires com.github.luben.zstd_jni;
  requires de.siegmar.fastcsv;
  requires static duckdb.jdbc;
  requires static org.jspecify;

  exports io.fanwise.pipeline;
  exports io.fanwise.rows;
}
