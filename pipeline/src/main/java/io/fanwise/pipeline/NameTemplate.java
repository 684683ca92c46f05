package io.fanwise.pipeline;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names like `{id}.json`: in place of what stands in braces comes that field of the result, or the
/// position of the input for `{index}`. Immutable.
///
/// @param template the name with fields in it
record NameTemplate(String template) implements Naming<Object> {
  private static final Pattern FIELD = Pattern.compile("\\{([^{}]+)}");

  NameTemplate {
    if (!FIELD.matcher(template).find()) {
      throw new IllegalArgumentException(
          "every result would be written to %s: name a field in it, such as {index}"
              .formatted(template));
    }
  }

  @Override
  public String name(long index, Object result) throws ReflectiveOperationException {
    Matcher field = FIELD.matcher(template);
    Fields fields = Fields.of(index, result);
    StringBuilder name = new StringBuilder();
    while (field.find()) {
      field.appendReplacement(name, Matcher.quoteReplacement(part(fields, field.group(1))));
    }
    return field.appendTail(name).toString();
  }

  /// A field as part of a name: it makes no folders.
  private String part(Fields fields, String field) {
    int place = fields.place(field);
    String text = place < 0 ? "" : fields.text(place);
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "the result has no %s to be named by %s: it has %s"
              .formatted(field, template, fields.names()));
    }
    if (text.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "%s is \"%s\", and cannot be part of a name because of the /".formatted(field, text));
    }
    return text;
  }
}
