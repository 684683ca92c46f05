package io.fanwise.processes.worker;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/// A resource that came from the parent: a URL that carries its content with it. Immutable.
final class ShippedResource extends URLStreamHandler {

  private final byte[] content;

  private ShippedResource(byte[] content) {
    this.content = content;
  }

  /// Where a loader's classes are said to come from.
  static URL place(int loader) {
    return url(loader, "", new byte[0]);
  }

  static URL url(int loader, String name, byte[] content) {
    try {
      URI uri = new URI("fanwise", null, "/" + loader + "/" + name, null);
      return URL.of(uri, new ShippedResource(content));
    } catch (URISyntaxException | MalformedURLException e) {
      throw new IllegalArgumentException("no URL can name resource " + name, e);
    }
  }

  @Override
  protected URLConnection openConnection(URL url) {
    return new URLConnection(url) {
      @Override
      public void connect() {
        connected = true;
      }

      @Override
      public InputStream getInputStream() {
        return new ByteArrayInputStream(content);
      }

      @Override
      public long getContentLengthLong() {
        return content.length;
      }
    };
  }
}
