package io.fanwise.parquet;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/// A file that is read many bytes at a time; parquet-java's own asks the system for each single one
/// where row groups are copied. Immutable.
record OfFile(Path path) implements InputFile {

  @Override
  public long getLength() throws IOException {
    return Files.size(path);
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    return new Bytes(FileChannel.open(path));
  }

  /// Confined to one thread.
  private static final class Bytes extends DelegatingSeekableInputStream {
    private final FileChannel channel;

    Bytes(FileChannel channel) {
      super(Channels.newInputStream(channel));
      this.channel = channel;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public void seek(long position) throws IOException {
      channel.position(position);
    }
  }
}
