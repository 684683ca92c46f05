package io.fanwise.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// Values that have no parts worth the name: numbers, times, identifiers.
final class Scalars {
  private static final int PIECE = 256;
  private static final int EMPTY_LIST = 0;
  private static final int EMPTY_SET = 1;
  private static final int EMPTY_MAP = 2;

  private Scalars() {}

  /// Writes what comes after the tag.
  static void write(Output out, int tag, Object value) throws IOException {
    switch (tag) {
      case Tag.BIG_INTEGER -> big(out, (BigInteger) value);
      case Tag.BIG_DECIMAL -> {
        big(out, ((BigDecimal) value).unscaledValue());
        out.i32(((BigDecimal) value).scale());
      }
      case Tag.UNIQUE_ID -> {
        out.i64(((UUID) value).getMostSignificantBits());
        out.i64(((UUID) value).getLeastSignificantBits());
      }
      case Tag.ADDRESS, Tag.PATH -> out.string(value.toString());
      case Tag.BITS -> {
        long[] words = ((BitSet) value).toLongArray();
        out.varint(words.length);
        out.array(words, 0, words.length);
      }
      case Tag.OPTIONAL_INT -> {
        OptionalInt optional = (OptionalInt) value;
        out.u8(optional.isPresent() ? 1 : 0);
        out.i32(optional.orElse(0));
      }
      case Tag.OPTIONAL_LONG -> {
        OptionalLong optional = (OptionalLong) value;
        out.u8(optional.isPresent() ? 1 : 0);
        out.i64(optional.orElse(0));
      }
      case Tag.OPTIONAL_DOUBLE -> {
        OptionalDouble optional = (OptionalDouble) value;
        out.u8(optional.isPresent() ? 1 : 0);
        out.f64(optional.orElse(0));
      }
      case Tag.CONSTANT ->
          out.u8(value instanceof List ? EMPTY_LIST : value instanceof Set ? EMPTY_SET : EMPTY_MAP);
      default -> time(out, tag, value);
    }
  }

  private static void big(Output out, BigInteger value) throws IOException {
    byte[] bytes = value.toByteArray();
    out.varint(bytes.length);
    out.bytes(bytes, 0, bytes.length);
  }

  @SuppressWarnings({
    "JavaDurationGetSecondsGetNano",
    "JavaInstantGetSecondsGetNano",
    "JavaPeriodGetDays"
  }) // both are written, in two steps
  private static void time(Output out, int tag, Object value) throws IOException {
    switch (tag) {
      case Tag.DURATION -> {
        out.i64(((Duration) value).toSeconds());
        out.i32(((Duration) value).getNano());
      }
      case Tag.INSTANT -> {
        out.i64(((Instant) value).getEpochSecond());
        out.i32(((Instant) value).getNano());
      }
      case Tag.DATE -> date(out, (LocalDate) value);
      case Tag.TIME -> out.i64(((LocalTime) value).toNanoOfDay());
      case Tag.DATE_TIME -> dateTime(out, (LocalDateTime) value);
      case Tag.OFFSET -> out.i32(((ZoneOffset) value).getTotalSeconds());
      case Tag.ZONE -> out.string(((ZoneId) value).getId());
      case Tag.OFFSET_DATE_TIME -> {
        dateTime(out, ((OffsetDateTime) value).toLocalDateTime());
        out.i32(((OffsetDateTime) value).getOffset().getTotalSeconds());
      }
      case Tag.ZONED_DATE_TIME -> {
        dateTime(out, ((ZonedDateTime) value).toLocalDateTime());
        out.i32(((ZonedDateTime) value).getOffset().getTotalSeconds());
        out.string(((ZonedDateTime) value).getZone().getId());
      }
      case Tag.PERIOD -> {
        out.i32(((Period) value).getYears());
        out.i32(((Period) value).getMonths());
        out.i32(((Period) value).getDays());
      }
      case Tag.YEAR -> out.i32(((Year) value).getValue());
      case Tag.YEAR_MONTH -> {
        out.i32(((YearMonth) value).getYear());
        out.u8(((YearMonth) value).getMonthValue());
      }
      default -> throw new IllegalArgumentException("tag " + tag);
    }
  }

  private static void date(Output out, LocalDate date) throws IOException {
    out.i64(date.toEpochDay());
  }

  private static void dateTime(Output out, LocalDateTime value) throws IOException {
    date(out, value.toLocalDate());
    out.i64(value.toLocalTime().toNanoOfDay());
  }

  /// Reads what comes after the tag.
  ///
  /// @throws RuntimeException if it is no such value, after all of it was read
  static Object read(Input in, int tag) throws IOException {
    return switch (tag) {
      case Tag.BIG_INTEGER -> new BigInteger(in.bytes(in.length()));
      case Tag.BIG_DECIMAL -> {
        byte[] unscaled = in.bytes(in.length());
        int scale = in.i32();
        yield new BigDecimal(new BigInteger(unscaled), scale);
      }
      case Tag.UNIQUE_ID -> new UUID(in.i64(), in.i64());
      case Tag.ADDRESS -> URI.create(in.string());
      case Tag.PATH -> FileSystems.getDefault().getPath(in.string());
      case Tag.BITS -> BitSet.valueOf((long[]) in.array(Tag.LONGS, in.length()));
      case Tag.OPTIONAL_INT -> {
        boolean present = in.u8() != 0;
        int value = in.i32();
        yield present ? OptionalInt.of(value) : OptionalInt.empty();
      }
      case Tag.OPTIONAL_LONG -> {
        boolean present = in.u8() != 0;
        long value = in.i64();
        yield present ? OptionalLong.of(value) : OptionalLong.empty();
      }
      case Tag.OPTIONAL_DOUBLE -> {
        boolean present = in.u8() != 0;
        double value = in.f64();
        yield present ? OptionalDouble.of(value) : OptionalDouble.empty();
      }
      case Tag.CONSTANT ->
          switch (in.u8()) {
            case EMPTY_LIST -> Collections.EMPTY_LIST;
            case EMPTY_SET -> Collections.EMPTY_SET;
            default -> Collections.EMPTY_MAP;
          };
      default -> time(in, tag);
    };
  }

  private static Object time(Input in, int tag) throws IOException {
    return switch (tag) {
      case Tag.DURATION -> Duration.ofSeconds(in.i64(), in.i32());
      case Tag.INSTANT -> Instant.ofEpochSecond(in.i64(), in.i32());
      case Tag.DATE -> LocalDate.ofEpochDay(in.i64());
      case Tag.TIME -> LocalTime.ofNanoOfDay(in.i64());
      case Tag.DATE_TIME -> dateTime(in.i64(), in.i64());
      case Tag.OFFSET -> ZoneOffset.ofTotalSeconds(in.i32());
      case Tag.ZONE -> ZoneId.of(in.string());
      case Tag.OFFSET_DATE_TIME -> {
        long day = in.i64();
        long nano = in.i64();
        int offset = in.i32();
        yield OffsetDateTime.of(dateTime(day, nano), ZoneOffset.ofTotalSeconds(offset));
      }
      case Tag.ZONED_DATE_TIME -> {
        long day = in.i64();
        long nano = in.i64();
        int offset = in.i32();
        String zone = in.string();
        yield ZonedDateTime.ofInstant(
            dateTime(day, nano), ZoneOffset.ofTotalSeconds(offset), ZoneId.of(zone));
      }
      case Tag.PERIOD -> Period.of(in.i32(), in.i32(), in.i32());
      case Tag.YEAR -> Year.of(in.i32());
      case Tag.YEAR_MONTH -> {
        int year = in.i32();
        int month = in.u8();
        yield YearMonth.of(year, month);
      }
      default -> throw new MalformedFrame("tag " + tag);
    };
  }

  private static LocalDateTime dateTime(long day, long nano) {
    return LocalDateTime.of(LocalDate.ofEpochDay(day), LocalTime.ofNanoOfDay(nano));
  }

  /// What comes after the tag, on its own.
  static byte[] bytes(int tag, Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Output out =
        new Output(
            ByteBuffer.allocate(PIECE),
            full -> {
              byte[] some = new byte[full.remaining()];
              full.get(some);
              bytes.writeBytes(some);
            });
    try {
      write(out, tag, value);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The opposite of [#bytes].
  static Object value(int tag, byte[] bytes) throws IOException {
    return read(Input.of(bytes), tag);
  }
}
