package io.fanwise.cli.exec;

import static java.util.stream.Collectors.joining;

import io.fanwise.cli.exec.CommandTemplate.Values;
import io.fanwise.cli.exec.Placeholder.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A word of a command, or a whole line for the shell: text, and places in it. Immutable.
///
/// @param parts one after another
record Word(List<Part> parts) {
  static final Word INPUT = new Word(List.of(new Place(Placeholder.Fixed.INPUT, Quotes.NONE)));
  static final Word BLANK = new Word(List.of(new Text(" ")));

  private static final String FIXED = "|\\.|/|//|/\\.|#|%";
  private static final String NUMBER = "[0-9]+";
  private static final String NAME = "[\\p{L}_][\\p{L}\\p{N}_-]*(?:\\.[\\p{L}\\p{N}_-]+)*";
  private static final Pattern PLACE =
      Pattern.compile(
          "(?<slashes>\\\\*)(?<!\\$)\\{(?<what>" + FIXED + "|" + NUMBER + "|" + NAME + ")}");

  /// A piece of a word.
  sealed interface Part {}

  /// What stays as it is.
  record Text(String text) implements Part {}

  /// What differs from input to input.
  record Place(Placeholder what, Quotes quotes) implements Part {}

  Word {
    parts = List.copyOf(parts);
  }

  /// Reads a word. Backslashes before a place stand for half as many, and an odd one makes it text.
  static Word parse(String word) {
    return parse(word, slashes -> slashes / 2);
  }

  /// Reads a line for the shell. It keeps its backslashes: the shell will read them in the same
  /// way.
  static Word parseLine(String line) {
    return parse(line, slashes -> slashes);
  }

  private static Word parse(String word, IntUnaryOperator slashesLeft) {
    List<Part> parts = new ArrayList<>();
    Matcher place = PLACE.matcher(word);
    int end = 0;
    while (place.find()) {
      int slashes = place.group("slashes").length();
      String what = place.group("what");
      parts.add(new Text(word.substring(end, place.start())));
      parts.add(new Text("\\".repeat(slashesLeft.applyAsInt(slashes))));
      boolean text = slashes % 2 == 1;
      parts.add(text ? new Text("{" + what + "}") : new Place(Placeholder.of(what), Quotes.NONE));
      end = place.end();
    }
    parts.add(new Text(word.substring(end)));
    return new Word(parts);
  }

  /// This word with another put to its end.
  Word and(Word other) {
    return new Word(Stream.concat(parts.stream(), other.parts.stream()).toList());
  }

  boolean hasPlaces() {
    return parts.stream().anyMatch(Place.class::isInstance);
  }

  Stream<Column> columns() {
    return parts.stream()
        .mapMulti((part, found) -> {
          if (part instanceof Place(Column column, _)) {
            found.accept(column);
          }
        });
  }

  /// The word for one input.
  String with(Values values) {
    return parts.stream().map(part -> with(part, values)).collect(joining());
  }

  private static String with(Part part, Values values) {
    return switch (part) {
      case Text(var text) -> text;
      case Place(var what, var quotes) -> quotes.around(what.value(values));
    };
  }
}
