package io.fanwise.parquet;

import io.fanwise.pipeline.Fields;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// Puts fields into the columns of a file. Confined to the thread that writes.
final class FieldsWriting extends WriteSupport<Fields> {
  private final MessageType schema;
  private @Nullable RecordConsumer consumer;

  /// Where the fields of these names go: most results have the same.
  private List<String> names = List.of();

  private int[] places = {};

  FieldsWriting(MessageType schema) {
    this.schema = schema;
  }

  /// Opens files for fields.
  static final class Builder extends ParquetWriter.Builder<Fields, Builder> {
    private final MessageType schema;

    Builder(OutputFile file, MessageType schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // it is abstract, and never called for a plain configuration
    protected WriteSupport<Fields> getWriteSupport(Configuration configuration) {
      return new FieldsWriting(schema);
    }

    @Override
    protected WriteSupport<Fields> getWriteSupport(ParquetConfiguration configuration) {
      return new FieldsWriting(schema);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // it is abstract, and never called for a plain configuration
  public WriteContext init(Configuration configuration) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(Fields fields) {
    RecordConsumer to = consumer;
    if (to == null) {
      throw new IllegalStateException("nothing was opened to write to");
    }
    to.startMessage();
    if (!fields.names().equals(names)) {
      names = List.copyOf(fields.names());
      places = names.stream().mapToInt(schema::getFieldIndex).toArray();
    }
    for (int i = 0; i < places.length; i++) {
      Object value = fields.value(i);
      if (value != null) {
        int place = places[i];
        Type column = schema.getType(place);
        to.startField(column.getName(), place);
        switch (column.asPrimitiveType().getPrimitiveTypeName()) {
          case INT64 -> to.addLong(((Number) value).longValue());
          case DOUBLE -> to.addDouble(((Number) value).doubleValue());
          case BOOLEAN -> to.addBoolean((Boolean) value);
          default -> to.addBinary(binary(fields, i, column));
        }
        to.endField(column.getName(), place);
      }
    }
    to.endMessage();
  }

  private static Binary binary(Fields fields, int place, Type column) {
    return column.getLogicalTypeAnnotation() == null
        ? Binary.fromConstantByteArray((byte[]) fields.value(place))
        : Binary.fromString(fields.text(place));
  }
}
