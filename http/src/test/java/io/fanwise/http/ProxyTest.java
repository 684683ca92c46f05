package io.fanwise.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyTest {

  @ParameterizedTest
  @CsvSource({
    "http://api.example.org/, http://plain:3128",
    "https://api.example.org/, http://secure:3128",
    "https://intern.example.org/, ",
    "https://deep.intern.example.org/, ",
    "https://notintern.example.org/, http://secure:3128",
    "http://localhost:8080/, "
  })
  void theEnvironmentSaysWhoGoesThroughAProxy(URI url, URI proxy) {
    Map<String, String> environment =
        Map.of(
            "http_proxy", "plain:3128",
            "HTTPS_PROXY", "http://secure:3128",
            "no_proxy", "localhost, .intern.example.org");

    assertThat(Proxy.environment().forUrl(url, environment).orElse(null)).isEqualTo(proxy);
    assertThat(Proxy.none().forUrl(url, environment)).isEmpty();
  }

  @Test
  void aStarSparesEverybody() {
    assertThat(
            Proxy.environment()
                .forUrl(
                    URI.create("http://x/"), Map.of("ALL_PROXY", "http://p:1", "NO_PROXY", "*")))
        .isEmpty();
  }
}
