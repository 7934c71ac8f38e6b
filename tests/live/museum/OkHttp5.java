// OkHttp of today and Retrofit on top of it: see tests/support/museum_program.py. Debian's OkHttp is in
// Clients.java; both have the same names, and so need a program each.

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttp;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import retrofit2.HttpException;
import retrofit2.Retrofit;
import retrofit2.http.GET;

public class OkHttp5 {
  private static final OkHttpClient CLIENT = new OkHttpClient();

  private static void show(String url, String client, String version, String speaks, String sees) {
    System.out.println(String.join("\t", "exhibit", url, client, version, speaks, sees.replaceAll("\\s+", " ")));
  }

  interface Orders {
    @GET("v1/orders")
    retrofit2.Call<ResponseBody> list();
  }

  private static String refused(Throwable error, Response answer) {
    try {
      return error.getMessage() + (answer == null ? "" : "; body: " + answer.body().string());
    } catch (Exception unread) {
      return error.getMessage() + "; " + unread.getMessage();
    }
  }

  private static String open(String url, String host) throws Exception {
    var seen = new CompletableFuture<String>();
    var request = new Request.Builder().url(url + "/updates").header("Host", host).build();
    CLIENT.newWebSocket(request, new WebSocketListener() {
      @Override
      public void onFailure(WebSocket socket, Throwable error, Response answer) {
        seen.complete(refused(error, answer));
      }

      @Override
      public void onClosing(WebSocket socket, int code, String reason) {
        socket.close(1000, null);
        seen.complete("close " + code + ": " + reason);
      }
    });
    return seen.get(30, TimeUnit.SECONDS);
  }

  public static void main(String[] arguments) throws Exception {
    String[] urls = System.getenv("CLIENT_URLS").split(" ");
    try (Response answer = CLIENT.newCall(new Request.Builder().url(urls[0] + "/v1/orders").build()).execute()) {
      show(urls[0], "OkHttp 5", OkHttp.VERSION, "REST", answer.code() + " " + answer.message() + "; body: " + answer.body().string());
    }
    show(urls[1], "OkHttp 5", OkHttp.VERSION, "WebSocket", open(urls[1], "orders.example.com"));
    for (int code : new int[] {1001, 1012, 1013}) {
      String url = urls[code % 1000 + 1];
      show(url, "OkHttp 5", OkHttp.VERSION, "WebSocket, close: " + code, open(url, "close-" + code + ".example.com"));
    }
    var orders = new Retrofit.Builder().baseUrl(urls[20] + "/").client(CLIENT).build().create(Orders.class);
    show(urls[20], "Retrofit", arguments[0], "REST", "HttpException: " + new HttpException(orders.list().execute()).getMessage());
    System.exit(0);
  }
}
