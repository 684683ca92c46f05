package io.fanwise.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanwise.rows.Json;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NoSuchElementException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TemplateTest {

  record Person(String name, int age) {}

  private static String url(String template, Object item) {
    return Url.requireSound(Template.url(template).sent(new Fields(item)));
  }

  private static String json(String template, Object item) {
    return Template.json(template).sent(new Fields(item));
  }

  @Test
  void fieldsAreTakenFromWhateverAnItemIs() {
    JsonNode node = Json.read("{\"id\": 7, \"user\": {\"name\": \"Ada\"}}", JsonNode.class);

    assertThat(url("http://x/{id}", Map.of("id", 7))).isEqualTo("http://x/7");
    assertThat(url("http://x/{id}/{/user/name}", node)).isEqualTo("http://x/7/Ada");
    assertThat(url("http://x/{name}/{age}", new Person("Ada", 36))).isEqualTo("http://x/Ada/36");
    assertThat(url("http://x/{}", "a b")).isEqualTo("http://x/a%20b");
    assertThat(url("http://x/{line}?n={}", 5)).isEqualTo("http://x/5?n=5");
  }

  @Test
  void aMissingFieldIsToldWithThoseThereAre() {
    assertThatThrownBy(() -> url("http://x/{uid}", new Person("Ada", 36)))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("no field {uid} in this item: it has name, age");
    assertThatThrownBy(() -> url("http://x/{uid}", "text"))
        .hasMessage("no field {uid} in this item: it has no fields, only {line}");
  }

  @Test
  void aUrlMayBeTheItemItself() {
    assertThat(url("{url}", Map.of("url", "https://api.example.org/a%20b?c=d")))
        .isEqualTo("https://api.example.org/a%20b?c=d");
    assertThat(url("{}?page=2", "https://example.org/list"))
        .isEqualTo("https://example.org/list?page=2");
    assertThatThrownBy(() -> url("{}", "file:///etc/passwd"))
        .hasMessageContaining("begins with http:// or https://");
    assertThatThrownBy(() -> url("{}", "https://me:pass@example.org/"))
        .hasMessageNotContaining("pass@")
        .hasMessageContaining("basic(user, Secret)");
  }

  @Property
  void whateverAFieldHoldsItStaysInItsPlaceInAUrl(@ForAll String value) {
    String sound = value.isEmpty() || value.matches("\\.{1,2}") ? "x" : value;
    String plain = new String(sound.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

    URI made = URI.create(url("https://api.example.org/a/{v}/b?q={v}", Map.of("v", plain)));

    assertThat(made.getHost()).isEqualTo("api.example.org");
    assertThat(made.getRawPath().split("/", -1)).hasSize(4);
    assertThat(decoded(made.getRawPath().split("/", -1)[2])).isEqualTo(plain);
    assertThat(decoded(made.getRawQuery().substring(2))).isEqualTo(plain);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", ".."})
  void noFieldClimbsOutOfThePath(String value) {
    assertThatThrownBy(() -> url("https://x/users/{id}/posts", Map.of("id", value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not have . or ..");
  }

  @Test
  void anEmptyFieldInThePathIsNoRequestForTheWholeCollection() {
    assertThatThrownBy(() -> url("https://x/users/{id}", Map.of("id", "")))
        .hasMessageContaining("the field {id} is empty, but stands in the path");
  }

  @Test
  void aHostIsAHost() {
    assertThat(url("https://{shop}.example.org/", Map.of("shop", "books")))
        .isEqualTo("https://books.example.org/");
    assertThatThrownBy(() -> url("https://{shop}.example.org/", Map.of("shop", "evil.org/?")))
        .hasMessageContaining("is no host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://x/",
        "https:///path",
        "x/y",
        "https://x/{id",
        "https://x/id}",
        "https://x/a b",
        "https://u:p@x/",
        "https://x/../y",
        "https://x/#part",
        "https://x/%zz"
      })
  void aTemplateThatCannotBeAUrlIsRefusedAtOnce(String template) {
    assertThatThrownBy(() -> Template.url(template)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void whateverAFieldHoldsAJsonBodyStaysThatJson(@ForAll String value) {
    String plain = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

    JsonNode made =
        Json.read(
            json("{\"input\": {v}, \"prompt\": \"Say '{v}'!\", \"n\": {}}", Map.of("v", plain)),
            JsonNode.class);

    assertThat(made.propertyNames()).containsExactly("input", "prompt", "n");
    assertThat(made.get("input").stringValue()).isEqualTo(plain);
    assertThat(made.get("prompt").stringValue()).isEqualTo("Say '" + plain + "'!");
    assertThat(made.get("n").isEmpty()).isTrue();
  }

  @Test
  void valuesKeepTheirTypeInJson() {
    JsonNode node = Json.read("{\"n\": 1.5, \"all\": [1, null], \"t\": true}", JsonNode.class);

    assertThat(json("[{n}, {all}, {t}, \"{n}\"]", node))
        .isEqualTo("[1.5, [1,null], true, \"1.5\"]");
    assertThat(json("{\"person\": {line}}", new Person("Ada", 36)))
        .isEqualTo("{\"person\": {\"name\":\"Ada\",\"age\":36}}");
    assertThat(json("{\"text\": {line}}", "a \"b\"")).isEqualTo("{\"text\": \"a \\\"b\\\"\"}");
  }

  @Test
  void aBodyThatIsNotJsonIsRefusedAtOnce() {
    assertThatThrownBy(() -> Template.json("{\"input\": {text}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not JSON");
  }

  @Test
  void aFieldCannotMakeAHeaderOfItsOwn() {
    Template header = Template.text("v={v}", Place.HEADER);

    assertThat(header.sent(new Fields(Map.of("v", "ä b")))).isEqualTo("v=ä b");
    assertThatThrownBy(() -> header.sent(new Fields(Map.of("v", "a\r\nX-Admin: 1"))))
        .hasMessage("the field {v} cannot stand in a header: its character 2 is U+000D");
    assertThatThrownBy(() -> header.sent(new Fields(Map.of("v", "€"))))
        .hasMessageContaining("U+20AC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "a/b", "../../etc/passwd", "a\\b", "a\0b", ""})
  void noFieldLeavesTheFolderForFiles(String value) {
    assertThatThrownBy(() -> Template.file("out/{v}").sent(new Fields(Map.of("v", value))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bracesAreWrittenTwice() {
    assertThat(Template.text("{{{v}}}", Place.TEXT).sent(new Fields(Map.of("v", 1))))
        .isEqualTo("{1}");
  }
}
