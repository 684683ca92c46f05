import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The title of a web page, politely: at most 20 requests a second, each tried four times.
///
///     ./fan map examples/tasks/PageTitle.java urls.txt --echo -o titles.csv \
///         --on virtual -j 100 --rate 20/s --timeout 10s --retries 3 --failures again.txt
public final class PageTitle {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  private static final Pattern TITLE =
      Pattern.compile("<title[^>]*>(.*?)</title>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /// Fetches a page; anything but a 200 is a failure, to be tried again.
  public static String title(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    HttpResponse<String> page = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    if (page.statusCode() != 200) {
      throw new IOException("status " + page.statusCode());
    }
    Matcher title = TITLE.matcher(page.body());
    return title.find() ? title.group(1).strip() : "";
  }
}
