package io.fanwise.parquet;

import io.fanwise.pipeline.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A sink that does not ask for patience, so that a short run has many commits.
record OftenCommitted(Sink<Object> sink) implements Sink<Object> {

  @Override
  public String identity() {
    return sink.identity();
  }

  @Override
  public Optional<Path> place() {
    return sink.place();
  }

  @Override
  public Encoder<Object> encoder() {
    return sink.encoder();
  }

  @Override
  public Output open(Sitting sitting) throws IOException {
    Selective output = (Selective) sink.open(sitting);
    return new Selective() {
      @Override
      public void admit(long position, Object encoded) {
        output.admit(position, encoded);
      }

      @Override
      public void write(long position, Object encoded) throws IOException {
        output.write(position, encoded);
      }

      @Override
      public String commit() throws IOException {
        return output.commit();
      }

      @Override
      public void finish() throws IOException {
        output.finish();
      }

      @Override
      public long bytes() {
        return output.bytes();
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }
}
