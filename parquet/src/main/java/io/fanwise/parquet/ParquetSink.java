package io.fanwise.parquet;

import io.fanwise.pipeline.Fields;
import io.fanwise.pipeline.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A Parquet file. Immutable.
record ParquetSink(Path file) implements Sink<Object> {

  @Override
  public String identity() {
    return "parquet to " + file;
  }

  @Override
  public Optional<Path> place() {
    return Optional.of(file);
  }

  @Override
  public Encoder<Object> encoder() {
    return Fields.encoder();
  }

  @Override
  public Output open(Sitting sitting) throws IOException {
    return ParquetOutput.open(file, sitting);
  }
}
